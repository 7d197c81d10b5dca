// SPDX-License-Identifier: LGPL-2.1-or-later
// Counting by place.
#include "place_counts.h"

#include "cpu_state.h"
#include "inspect.h"

namespace plugin {

using namespace mm;

PlaceCounts::Counts PlaceCounts::sum(const ByPlace& all) {
    Counts counts;
    for (const Counts& each : all) {
        for (size_t n = 0; n < counts.walks.size(); ++n) counts.walks[n] += each.walks[n];
        counts.fills += each.fills;
    }
    return counts;
}

template <class Add>
void PlaceCounts::count(const CpuState& cpu, const trace::WalkRecord& walk, Add&& add) {
    const auto in = [](ByPlace& all, size_t n, size_t other) -> Counts& {
        if (all.size() < other + 1) all.resize(other + 1);
        return all[n == other ? 0 : n + 1];
    };
    if (outdated()) zones_ = {sum(zones_)};
    given_ = info_.zones_given;
    const size_t zones = info_.zones.size(), regions = info_.regions.size();
    const size_t zone = walk.fault ? zones : zone_number(info_, trace::view(walk, cpu.state()).translation.frame);
    add(in(zones_, zone, zones));
    add(in(regions_, region_number(info_, address(walk.page).raw, walk.access.user), regions));
}

void PlaceCounts::walked(const CpuState& cpu, const trace::ModelWalk& e) {
    count(cpu, e.walk, [&](Counts& c) {
        for (unsigned n = 0; n < cpu.models().count(); ++n) c.walks[n] += e.profiles >> n & 1;
    });
}
void PlaceCounts::translated(const CpuState& cpu, const trace::ObservedWalk& e) {
    if (!e.walk.fault) count(cpu, e.walk, [](Counts& c) { ++c.fills; });
}

}  // namespace plugin
