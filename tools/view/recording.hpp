// SPDX-License-Identifier: LGPL-2.1-or-later
// What is the same at every moment of a recording that is looked at with one profile.
#pragma once

#include <algorithm>
#include <map>
#include <string>

#include "tools/address_map.hpp"
#include "tools/cost_model.hpp"
#include "tools/run_info.hpp"

namespace tools::view {

struct Recording {
    // `profile`: of the recording, the `number`-th; null if it has none.
    Recording(RunInfo info, const Profile* profile, unsigned number, bool references, uint64_t interval);

    const RunInfo run;
    const bool has_profile;
    const Profile profile;
    const Prices prices;
    const unsigned number;             // the profile's bit in masks of walks
    const ZoneMap zones;
    const RegionMap regions;
    const bool references;             // whether every lookup is in the trace
    const uint64_t interval;           // ticks of a strip's column; recent is what happened in the last recent_intervals
    static constexpr uint64_t recent_intervals = 4;
    uint64_t end_pfn = 0;              // of all zones
    unsigned bin_shift = 0;            // a bin of memory has 2^bin_shift pages
    size_t bins = 0;
    std::map<uint16_t, std::string> span_names;  // grows when events name more

    static constexpr size_t most_bins = 4096;
    [[nodiscard]] uint64_t recent_ticks() const { return interval * recent_intervals; }
    [[nodiscard]] bool walked(uint16_t profiles) const { return has_profile && (profiles >> number & 1); }
    [[nodiscard]] uint16_t all_profiles() const { return static_cast<uint16_t>((1u << std::min<size_t>(run.profiles.size(), 16)) - 1); }
    [[nodiscard]] std::string zone_name(unsigned zone) const { return zone < run.zones.size() ? run.zones[zone].name : "other"; }
    [[nodiscard]] std::string region_name(unsigned region) const { return region < run.regions.size() ? run.regions[region].name : "other"; }
};

}  // namespace tools::view
