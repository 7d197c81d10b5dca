// SPDX-License-Identifier: LGPL-2.1-or-later
// Claim `kmap`: what it costs to reach a HIGHMEM page, alone and beside using the page.
#include <algorithm>

#include "all.hpp"
#include "common.hpp"

namespace tools::claims {
namespace {

constexpr double significant = 0.10;  // of a whole page's copy
const std::vector<std::string> workloads{"kmap",           "kmap-low",       "kmap-wrap",
                                         "kmap-full-wrap", "kmap-atomic",    "kmap-atomic-low",
                                         "copy-page-low",  "copy-page-kmap", "copy-page-atomic"};

// Whether the extra is certainly at least the significant share of the whole; both ends of both intervals must agree.
Answer significant_part(const Interval& extra, const Interval& whole) {
    const bool at_low = extra.low >= significant * whole.low, at_high = extra.high >= significant * whole.high;
    if (extra.low <= 0 || at_low != at_high) return Answer::unknown;
    return answer(at_low);
}

std::string percent(const Interval& extra, const Interval& whole) {
    const double low = 100 * extra.low / whole.low, best = 100 * extra.best / whole.best, high = 100 * extra.high / whole.high;
    return rounded(best) + " % (" + rounded(std::min({low, best, high})) + "-" + rounded(std::max({low, best, high})) + ")";
}

Findings judge(const Evidence& evidence) {
    const Facts& f = evidence.at(classic("3:1"));
    const auto extra = [&](const char* a, const char* b) { return extra_cycles(f.span(a), f.span(b), f.costs); };
    Table t{"page",
            "of one page: mapped, one word or all of it used, unmapped",
            {{"what"},
             {"cycles"},
             {"extra", "more than from NORMAL"},
             {"invlpg", "INVLPG"},
             {"walks"},
             {"most_instructions", "instructions at most"}}};
    const auto row = [&](const char* what, const char* high, const char* low) {
        const SpanFacts& s = f.span(high);
        t.row({text(what), cycles_each(s, f.costs), low ? Cell{extra(high, low)} : Cell{}, each(s, s.events.invlpg),
               each(s, s.walks.walks), s.most});
    };
    row("NORMAL, one word", "kmap-low", nullptr);
    row("HIGHMEM, one word, pool", "kmap", "kmap-low");
    row("the same, pool wraps", "kmap-wrap", "kmap-low");
    row("HIGHMEM, one word, atomic", "kmap-atomic", "kmap-atomic-low");
    row("NORMAL, copied", "copy-page-low", nullptr);
    row("HIGHMEM, copied, pool", "copy-page-kmap", "copy-page-low");
    row("HIGHMEM, copied, atomic", "copy-page-atomic", "copy-page-low");
    const Interval whole = cycles_each(f.span("copy-page-low"), f.costs), pool = extra("copy-page-kmap", "copy-page-low"),
                   atomic = extra("copy-page-atomic", "copy-page-low");
    const bool changes_tables = f.measure("kmap-entries") > 0 && f.measure("kmap-atomic-entries") > 0 &&
                                f.measure("kmap-low-entries") == 0 && f.measure("kmap-atomic-low-entries") == 0;
    return {
        {t},
        {{Weight::core, answer(changes_tables),
          "each kmap of a HIGHMEM page changes an entry of the page tables, one of a NORMAL page none"},
         {Weight::core, dearer(compare(f.span("kmap"), f.span("kmap-low"), f.costs)),
          "through the pool a page costs " + more_cycles(extra("kmap", "kmap-low")) + " more, the wrap's flush not counted"},
         {Weight::core, dearer(compare(f.span("kmap-atomic"), f.span("kmap-atomic-low"), f.costs)),
          "at a fixed address, with its INVLPG, " + more_cycles(extra("kmap-atomic", "kmap-atomic-low")) + " more"},
         {Weight::limit, significant_part(pool, whole),
          "that is significant, at least 10 %, when the whole page is copied: through the pool it adds " + percent(pool, whole)},
         {Weight::limit, significant_part(atomic, whole), "and at a fixed address " + percent(atomic, whole)}}};
}

}  // namespace

Claim kmap_claim() {
    return {"kmap",
            "Reaching HIGHMEM means mapping and unmapping, at a significant cost.",
            "Uses pages of NORMAL and of HIGHMEM in the same way, through the persistent pool (with and without its wrap) and at "
            "a fixed address: first one word, then a copy of 4 KiB.",
            {{classic("3:1"), workloads}},
            {{"kmap", "needs global synchronization, but is amortized; kmap_atomic is CPU-local", source::highmem_doc},
             {"the original patch of 1999", "performance degradation: close to zero",
              "A. Arcangeli, bigmem, linux-kernel, 16 Aug 1999"},
             {"kernel profile with 4G/4G", "kmap_atomic +119.7 %, kunmap_atomic +222.9 %", source::bligh_2003},
             {"kunmap today", "one INVLPG each", "Linux, arch/x86/include/asm/highmem.h"}},
            judge};
}

}  // namespace tools::claims
