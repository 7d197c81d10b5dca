// SPDX-License-Identifier: LGPL-2.1-or-later
// Empty statistics of the right shape, and their cycles.
#include "statistics.hpp"

namespace tools {
namespace {

std::vector<Prices> all_prices(const std::vector<Profile>& profiles) {
    std::vector<Prices> prices;
    for (const Profile& p : profiles) prices.push_back(prices_of(p));
    return prices;
}

std::vector<PlaceStatistics> empty_places(size_t places, size_t profiles) {
    return {places, {0, std::vector<WalkCounts>(profiles), std::vector<CauseCounts>(profiles)}};
}

}  // namespace

Statistics::Statistics(const RunInfo& info, std::vector<Profile> costs, std::filesystem::path where)
    : directory{std::move(where)}, run{info}, profiles{std::move(costs)}, prices{all_prices(profiles)}, models(profiles.size()),
      zones{empty_places(info.zones.size() + 1, profiles.size())}, regions{empty_places(info.regions.size() + 1, profiles.size())},
      total{profiles.size(), zones.size()}, in_outermost_spans{profiles.size(), zones.size()},
      outside{profiles.size(), zones.size()} {}

bool has_second_level(const Profile& p, bool instruction) {
    const bool data = p.second_data_4k.exists() || p.second_data_large.exists();
    if (!instruction || p.unified.yes() || p.second_unified.yes()) return data;
    return p.second_instruction_4k.exists() || p.second_instruction_large.exists();
}

Charges Statistics::charges(const Activity& a, size_t profile) { return charges_of(a.events, a.profiles[profile].walks); }

Interval Statistics::cycles(const ShareStatistics& share, size_t profile) const {
    return tools::cycles(charges_of(share.events, share.walks[profile]), prices[profile]);
}

Interval Statistics::cycles(const Activity& a, size_t profile) const { return tools::cycles(charges(a, profile), prices[profile]); }

}  // namespace tools
