// SPDX-License-Identifier: LGPL-2.1-or-later
// Claim `virtual-map`: vmalloc makes one linear block of scattered pages, by page tables, and what that costs against kmalloc.
#include "all.hpp"
#include "common.hpp"

namespace tools::claims {
namespace {

constexpr char low[] = "kmalloc", mapped[] = "vmalloc";  // 64 KiB each: 16 pages
constexpr uint64_t block_pages = 16;
constexpr double blocks_per_mib = 16;

std::vector<Need> needs() {
    std::vector<Need> all;
    for (const char* split : every_split) all.push_back({classic(split), {low, mapped}});
    return all;
}

Findings judge(const Evidence& evidence) {
    Table t{"mib",
            "1 MiB in blocks of 64 KiB: allocated, each page touched, freed",
            {{"split"},
             {"by"},
             {"entries", "table entries"},
             {"runs", "physical runs of a block"},
             {"invlpg", "INVLPG"},
             {"walks"},
             {"cycles"}}};
    bool by_tables = true, scattered = true;
    Answer costs_more = Answer::yes;
    for (const char* split : every_split) {
        const Facts& f = evidence.at(classic(split));
        for (const char* way : {low, mapped}) {
            const SpanFacts& s = f.span(way);
            const Interval c = cycles_each(s, f.costs);
            const std::string name = way;
            t.row({text(split), text(name), f.measure(name + "-entries") * static_cast<uint64_t>(blocks_per_mib),
                   f.measure(name + "-runs"), s.each(s.events.invlpg) * blocks_per_mib, s.each(s.walks.walks) * blocks_per_mib,
                   Interval{c.low * blocks_per_mib, c.best * blocks_per_mib, c.high * blocks_per_mib}});
        }
        by_tables = by_tables && f.measure("vmalloc-entries") >= block_pages;
        scattered = scattered && f.measure("vmalloc-runs") > 1;
        if (const Answer more = dearer(compare(f.span(mapped), f.span(low), f.costs));
            more != Answer::yes && costs_more == Answer::yes)
            costs_more = more;
    }
    const Facts& f = evidence.at(classic("3:1"));
    return {{t},
            {{Weight::core, answer(by_tables), "a vmalloc of 16 pages changes at least 16 table entries on every split"},
             {Weight::core, answer(scattered), "its pages are adjacent in linear, not in physical memory"},
             {Weight::note, costs_more,
              "it costs more than kmalloc: " + more_cycles(extra_cycles(f.span(mapped), f.span(low), f.costs)) +
                  " for 64 KiB at 3:1"}}};
}

}  // namespace

Claim virtual_map_claim() {
    return {"virtual-map",
            "vmalloc is virtually contiguous over scattered pages; any mapping is done by page tables.",
            "Allocates, touches and frees 64 KiB both ways on every split, after lowmem was fragmented; compares the page tables "
            "before and after, and walks them for the frames.",
            needs(),
            {{"TLB refill against INVLPG, as assumed in a patch of 2012", "512 x 100 ns against 140 ns each",
              "A. Shi, linux-kernel, May 2012"}},
            judge};
}

}  // namespace tools::claims
