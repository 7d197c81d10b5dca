// SPDX-License-Identifier: LGPL-2.1-or-later
// Facts made by hand for the tests of the claims: machines as our kernel publishes them, spans with chosen counts.
#pragma once

#include <algorithm>

#include "mm/layout.hpp"
#include "test_paths.hpp"
#include "tools/claims/all.hpp"

namespace tests {

using namespace tools::claims;

// Costs with round numbers (tests/tools/data/golden.toml), read once.
inline const tools::Profile& golden_costs() {
    static const tools::Profile costs = tools::read_profile(data_directory() / "golden.toml");
    return costs;
}

inline mm::Split split_named(const std::string& name) {
    return *std::find_if(std::begin(mm::all_splits), std::end(mm::all_splits), [&](mm::Split s) { return name == mm::name(s); });
}

// A machine that booted: zones and regions by the layout, memory without holes less the BIOS' 16 pages at its top.
inline Facts booted(const Machine& m) {
    const mm::Layout l = mm::layout(split_named(m.split), m.paging == "pae" ? mm::Paging::pae : mm::Paging::classic);
    const mm::Pfn ram_end{static_cast<uint32_t>((m.memory_mib << 8) - 16)}, low_end = mm::lowmem_end(l, ram_end);
    Facts f;
    f.machine = m;
    f.recorded = f.good = true;
    f.costs = golden_costs();
    f.run.split = m.split, f.run.paging = m.paging, f.run.memory_mib = m.memory_mib;
    f.run.zones = {{"DMA", 0, 4096, 3999},
                   {"NORMAL", 4096, low_end.raw, low_end.raw - 4096},
                   {"HIGHMEM", low_end.raw, ram_end.raw, ram_end.raw - low_end.raw}};
    f.run.regions = {{"user", l.user_start, l.user_end},
                     {"lowmem", l.kernel_base, l.kernel_base + mm::address(low_end).raw},
                     {"vmalloc", mm::vmalloc_start_for(l, low_end), l.vmalloc_end},
                     {"pkmap", l.pkmap_base, l.pkmap_end},
                     {"fixmap", l.fixmap_base, l.fixmap_end}};
    return f;
}

// `count` instances of so many instructions each.
inline SpanFacts span(uint64_t count, uint64_t instructions) {
    SpanFacts s;
    s.count = count;
    s.least = s.median = s.most = instructions;
    s.events.instructions = count * instructions;
    return s;
}

// The same with so many more of each, per instance.
inline SpanFacts with(SpanFacts s, uint64_t cr3_writes, uint64_t refills = 0, uint64_t invlpg = 0) {
    s.events.cr3_writes += s.count * cr3_writes;
    s.events.invlpg += s.count * invlpg;
    s.refills.context_switch += s.count * refills;
    s.walks.walks += s.count * refills;
    s.walks.reads[0] += s.count * refills;
    return s;
}

// Every machine that the claim needs, booted, each workload with the same plain span; `change` makes the difference.
template <class Change>
Evidence evidence_for(const Claim& claim, Change change) {
    Evidence evidence;
    std::vector<Machine> seen;
    for (const Need& need : claim.needs) {
        if (std::find(seen.begin(), seen.end(), need.machine) != seen.end()) continue;
        seen.push_back(need.machine);
        Facts f = booted(need.machine);
        for (const Need& same : claim.needs)
            if (same.machine == need.machine)
                for (const std::string& w : same.workloads) f.spans[w] = span(100, 50);
        change(f);
        evidence.add(std::move(f));
    }
    return evidence;
}

inline Evidence evidence_for(const Claim& claim) {
    return evidence_for(claim, [](Facts&) {});
}

inline Verdict verdict_of(const Claim& claim, const Evidence& evidence) {
    return tools::claims::verdict_of(claim.judge(evidence).statements);
}

}  // namespace tests
