// SPDX-License-Identifier: LGPL-2.1-or-later
// Claim `direct-map`: lowmem is always mapped, so that allocating it changes no page table.
#include "all.hpp"
#include "common.hpp"

namespace tools::claims {
namespace {

constexpr char block[] = "kmalloc";  // 64 KiB
constexpr char small_pages[] = "mem=nopentium";
const std::vector<std::string> reads{"lowmem-near", "lowmem-far"};  // 8 MiB in order; 60 pages all over lowmem

std::vector<Need> needs() {
    std::vector<Need> all;
    for (const char* split : every_split) all.push_back({classic(split), {block}});
    for (const char* append : {"", small_pages}) all.push_back({classic("3:1", mib_per_gib, append), reads});
    return all;
}

Findings judge(const Evidence& evidence) {
    Table t{"kmalloc",
            "64 KiB of lowmem allocated, each page touched, freed",
            {{"split"},
             {"entries", "table entries changed"},
             {"runs", "physical runs"},
             {"invlpg", "INVLPG"},
             {"cr3_writes", "CR3 writes"},
             {"walks"},
             {"cycles"}}};
    bool unchanged = true, contiguous = true;
    for (const char* split : every_split) {
        const Facts& f = evidence.at(classic(split));
        const SpanFacts& s = f.span(block);
        const uint64_t entries = f.measure("kmalloc-entries"), runs = f.measure("kmalloc-runs");
        t.row({text(split), entries, runs, each(s, s.events.invlpg), each(s, s.events.cr3_writes), each(s, s.walks.walks),
               cycles_each(s, f.costs)});
        unchanged = unchanged && entries == 0 && s.events.invlpg == 0 && s.events.cr3_writes == 0;
        contiguous = contiguous && runs == 1;
    }
    const Facts &large = evidence.at(classic("3:1")), &small = evidence.at(classic("3:1", mib_per_gib, small_pages));
    Table pages{"pages",
                "reading lowmem at 3:1 through large pages, and through 4 KiB pages",
                {{"workload"},
                 {"walks_large", "walks, 4 MiB"},
                 {"walks_small", "walks, 4 KiB"},
                 {"cycles_large", "cycles, 4 MiB"},
                 {"extra_small", "4 KiB more"}}};
    for (const std::string& w : reads) {
        const SpanFacts &a = large.span(w), &b = small.span(w);
        pages.row({text(w), each(a, a.walks.walks), each(b, b.walks.walks), cycles_each(a, large.costs),
                   extra_cycles(b, a, large.costs)});
    }
    const SpanFacts &near_large = large.span(reads[0]), &near_small = small.span(reads[0]), &far_large = large.span(reads[1]),
                    &far_small = small.span(reads[1]);
    return {
        {t, pages},
        {{Weight::core, answer(unchanged), "no split's kmalloc changes a table entry, flushes a page or writes CR3"},
         {Weight::core, answer(contiguous),
          "the block is one run of frames at linear address less PAGE_OFFSET, as a walk of the tables finds it"},
         {Weight::note, dearer(compare(near_small, near_large, large.costs)),
          "large pages save walks: " + rounded(near_small.each(near_small.walks.walks)) + " instead of " +
              rounded(near_large.each(near_large.walks.walks)) + " for 8 MiB in order"},
         {Weight::note, answer(far_small.walks.walks > far_large.walks.walks),
          "they do so everywhere: one word of each of 60 pages all over lowmem takes " +
              rounded(far_large.each(far_large.walks.walks)) + " walks through large pages, for which a P6 has 8 entries, and " +
              rounded(far_small.each(far_small.walks.walks)) + " through small ones, for which it has 64"}}};
}

}  // namespace

Claim direct_map_claim() {
    return {"direct-map",
            "lowmem is logical: virtual = physical + offset, and allocation changes no page table.",
            "Counts INVLPGs and CR3 writes of kmalloc, compares the kernel's page tables before and after one, and walks them "
            "for the block. Then reads lowmem with a direct map of large and of small pages (mem=nopentium).",
            needs(),
            {{"direct map of Linux at 3:1", "0000400000 - 0037400000 page 2M, the rest page 4k", "boot log, Linux with PAE"}},
            judge};
}

}  // namespace tools::claims
