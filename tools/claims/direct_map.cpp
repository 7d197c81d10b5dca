// SPDX-License-Identifier: LGPL-2.1-or-later
// Claim `direct-map`: lowmem is always mapped, so that allocating it changes no page table.
#include "all.hpp"
#include "common.hpp"

namespace tools::claims {
namespace {

constexpr char block[] = "kmalloc";  // 64 KiB

std::vector<Need> needs() {
    std::vector<Need> all;
    for (const char* split : every_split) all.push_back({classic(split), {block}});
    return all;
}

Findings judge(const Evidence& evidence) {
    Table t{"kmalloc", "64 KiB of lowmem allocated, each page touched, freed",
            {{"split", "split"}, {"entries", "table entries changed"}, {"runs", "physical runs"}, {"invlpg", "INVLPG"}, {"cr3_writes", "CR3 writes"}, {"walks", "walks"}, {"cycles", "cycles"}}};
    bool unchanged = true, contiguous = true;
    for (const char* split : every_split) {
        const Facts& f = evidence.at(classic(split));
        const SpanFacts& s = f.span(block);
        const uint64_t entries = f.measure("kmalloc-entries"), runs = f.measure("kmalloc-runs");
        t.row({text(split), entries, runs, each(s, s.events.invlpg), each(s, s.events.cr3_writes), each(s, s.walks.walks), cycles_each(s, f.costs)});
        unchanged = unchanged && entries == 0 && s.events.invlpg == 0 && s.events.cr3_writes == 0;
        contiguous = contiguous && runs == 1;
    }
    return {{t},
            {{Weight::core, answer(unchanged), "no split's kmalloc changes a table entry, flushes a page or writes CR3"},
             {Weight::core, answer(contiguous), "the block is one run of frames at linear address less PAGE_OFFSET, as a walk of the tables finds it"}}};
}

}  // namespace

Claim direct_map_claim() {
    return {"direct-map",
            "lowmem is logical: virtual = physical + offset, and allocation changes no page table.",
            "Counts INVLPGs and CR3 writes of kmalloc, compares the kernel's page tables before and after one, and walks them for the block.",
            needs(),
            {{"direct map of Linux at 3:1", "0000400000 - 0037400000 page 2M, the rest page 4k", "boot log, Linux with PAE"}},
            judge};
}

}  // namespace tools::claims
