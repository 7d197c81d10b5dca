// SPDX-License-Identifier: LGPL-2.1-or-later
// Claim `page-tables`: what the tables of many processes take of lowmem, and what it costs to have them in HIGHMEM.
#include <algorithm>

#include "all.hpp"
#include "common.hpp"

namespace tools::claims {
namespace {

constexpr uint64_t memory_mib = 2 * mib_per_gib;  // more than a GiB of HIGHMEM: room for all the pages and tables
constexpr char in_highmem[] = "highpte", storm[] = "fork-storm";
const std::vector<std::string> workloads{"fork", "pagefault", "mmap", storm};

Findings judge(const Evidence& evidence) {
    const Facts &low = evidence.at(classic("3:1", memory_mib)), &high = evidence.at(classic("3:1", memory_mib, in_highmem));
    Table t{"lowmem",
            "many processes at a time, each with pages in eight tables of its own: pages of 4 KiB",
            {{"tables", "tables in"},
             {"processes"},
             {"lowmem_tables", "tables in lowmem"},
             {"highmem_tables", "in HIGHMEM"},
             {"lowmem", "lowmem taken"},
             {"kmaps", "kmaps of tables"}}};
    const auto row = [&](const char* where, const Facts& f) {
        t.row({text(where), f.measure("fork-storm-processes"), f.measure("fork-storm-tables-lowmem"),
               f.measure("fork-storm-tables-highmem"), f.measure("fork-storm-lowmem"), f.measure("fork-storm-kmaps")});
    };
    row("lowmem", low);
    row("HIGHMEM", high);
    Table price{"price",
                "of one operation",
                {{"workload"},
                 {"invlpg_low", "INVLPG, lowmem"},
                 {"invlpg_high", "HIGHMEM"},
                 {"cycles_low", "cycles, lowmem"},
                 {"extra_high", "HIGHMEM more"}}};
    Answer all_dearer = Answer::yes;
    for (const std::string& w : workloads) {
        const SpanFacts &a = low.span(w), &b = high.span(w);
        price.row({text(w), each(a, a.events.invlpg), each(b, b.events.invlpg), cycles_each(a, low.costs),
                   extra_cycles(b, a, low.costs)});
        if (const Answer more = dearer(compare(b, a, low.costs)); more != Answer::yes && all_dearer == Answer::yes)
            all_dearer = more;
    }
    const uint64_t per_process =
        low.measure("fork-storm-tables-lowmem") / std::max<uint64_t>(low.measure("fork-storm-processes"), 1);
    const SpanFacts &a = low.span(storm), &b = high.span(storm);
    return {{t, price},
            {{Weight::core, answer(low.measure("fork-storm-tables-lowmem") > 0 && low.measure("fork-storm-tables-highmem") == 0),
              "page tables are in lowmem: " + grouped(per_process) + " pages for each process"},
             {Weight::core,
              answer(high.measure("fork-storm-tables-highmem") > 0 &&
                     high.measure("fork-storm-lowmem") < low.measure("fork-storm-lowmem")),
              "they can be in HIGHMEM, and lowmem is saved"},
             {Weight::core,
              answer(high.measure("fork-storm-kmaps") > 0 && low.measure("fork-storm-kmaps") == 0 &&
                     b.each(b.events.invlpg) > a.each(a.events.invlpg)),
              "editing them there takes kmaps: " + rounded(b.each(b.events.invlpg) - a.each(a.events.invlpg)) +
                  " more INVLPGs for a fork"},
             {Weight::core, all_dearer,
              "every operation that edits them is dearer then; a fork of the storm by " +
                  more_cycles(extra_cycles(b, a, low.costs))}}};
}

}  // namespace

Claim page_tables_claim() {
    return {
        "page-tables",
        "Page tables live in lowmem because the kernel edits any process's; they can be put in HIGHMEM at a price.",
        "Forks many processes at 3:1, with page tables in lowmem and in HIGHMEM (highpte); counts the tables and the lowmem that "
        "is gone, then weighs fork, page fault and mmap.",
        {{classic("3:1", memory_mib), workloads}, {classic("3:1", memory_mib, in_highmem), workloads}},
        {{"HIGHPTE, kernel build", "45.38 s become 46.54 s, system time 114.91 s becomes 130.41 s (+13.5 %)", source::bligh_2003},
         {"HIGHPTE, SDET with 16 scripts", "94.8 % of the throughput", source::bligh_2003},
         {"page tables of 16 GiB in use", "about 16 MiB in the worst case", source::gorman}},
        judge};
}

}  // namespace tools::claims
