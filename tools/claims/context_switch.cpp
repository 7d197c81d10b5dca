// SPDX-License-Identifier: LGPL-2.1-or-later
// Claim `context-switch`: what a switch drops from the TLB, by working set, with and without global pages.
#include "all.hpp"
#include "common.hpp"

namespace tools::claims {
namespace {

constexpr char no_global_pages[] = "nopge";
struct Ring {
    const char* workload;
    uint64_t kibibytes;  // that each process sums after the switch
};
constexpr Ring rings[] = {{"ctx-2p-0k", 0}, {"ctx-2p-16k", 16}, {"ctx-2p-64k", 64}, {"ctx-2p-256k", 256}};

std::vector<std::string> workloads() {
    std::vector<std::string> names;
    for (const Ring& r : rings) names.emplace_back(r.workload);
    return names;
}

Findings judge(const Evidence& evidence) {
    const Facts &global = evidence.at(classic("3:1")), &plain = evidence.at(classic("3:1", mib_per_gib, no_global_pages));
    Table t{"switch",
            "one switch and the sum of the array: refills are walks for pages that the CR3 write had dropped",
            {{"array_kib", "array KiB"},
             {"pages"},
             {"cr3_writes", "CR3 writes"},
             {"refills"},
             {"refills_nopge", "without global pages"},
             {"other_walks", "other walks"},
             {"cycles"},
             {"extra_nopge", "more without global pages"}}};
    bool dropped = true, kept = true;
    for (const Ring& ring : rings) {
        const SpanFacts &a = global.span(ring.workload), &b = plain.span(ring.workload);
        t.row({ring.kibibytes, ring.kibibytes / 4, each(a, a.events.cr3_writes), each(a, a.refilled()), each(b, b.refilled()),
               each(a, a.walks.walks - a.refilled()), cycles_each(a, global.costs), extra_cycles(b, a, global.costs)});
        dropped = dropped && a.events.cr3_writes >= a.count && a.refilled() > 0;
        kept = kept && b.refilled() > a.refilled();
    }
    const SpanFacts &small = global.span(rings[0].workload), &with_array = global.span("ctx-2p-64k"),
                    &bare = plain.span(rings[0].workload);
    const std::string refills = rounded(small.each(small.refilled())), refills_bare = rounded(bare.each(bare.refilled()));
    const double array = with_array.each(with_array.refilled()) - small.each(small.refilled());
    return {{t},
            {{Weight::core, answer(dropped),
              "each switch writes CR3 once, and every working set is walked for again: " + rounded(array) +
                  " more refills for the 16 pages of 64 KiB"},
             {Weight::limit, answer(!kept),
              "everything is dropped: " +
                  (kept ? "global pages, the kernel's, stay; without them a bare switch has " + refills_bare + " refills instead of " + refills
                        : "global pages do not stay; a bare switch has " + refills + " refills, and " + refills_bare + " without them")}}};
}

}  // namespace

Claim context_switch_claim() {
    return {"context-switch",
            "A context switch flushes the TLB.",
            "Passes a token between two processes, each of which sums an array after the switch; counts the walks charged to CR3 "
            "writes, with global pages and without (nopge).",
            {{classic("3:1"), workloads()}, {classic("3:1", mib_per_gib, no_global_pages), workloads()}},
            {{"MOV CR3", "invalidates all TLB entries except those for global pages, and all paging-structure caches",
              source::sdm_invalidation},
             {"lat_ctx 2p/0K, P6 at 790 MHz", "1.22 to 1.58 us: 964 to 1,248 cycles",
              "lmbench, Linux 2.5.63, linux-kernel, 27 Feb 2003"},
             {"lat_ctx 2p/64K, the same", "14 to 15 us", "lmbench, Linux 2.5.63, linux-kernel, 27 Feb 2003"},
             {"the effect of losing global pages", "never exceeding 1 %", "Linux, Documentation/x86/pti.txt"}},
            judge};
}

}  // namespace tools::claims
