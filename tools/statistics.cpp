// SPDX-License-Identifier: LGPL-2.1-or-later
// Sums of counts.
#include "statistics.hpp"

namespace tools {

Refills refills_of(const CauseCounts& causes) {
    const auto of = [&](mm::RefillCause c) { return causes[static_cast<size_t>(c)]; };
    using enum mm::RefillCause;
    return {of(context_switch) + of(task_switch), of(split_switch), of(invlpg), of(first_touch) + of(evicted) + of(fault) + of(control) + of(page_fault) + of(smm) + of(kmap_wrap) + of(vmalloc_purge)};
}

WalkCounts ProfileWalks::total() const {
    WalkCounts sum;
    for (const WalkCounts& w : by_zone) sum += w;
    return sum;
}

void ProfileWalks::add(const ProfileWalks& o) {
    for (size_t i = 0; i < by_zone.size(); ++i) by_zone[i] += o.by_zone[i];
    for (size_t i = 0; i < causes.size(); ++i) causes[i] += o.causes[i];
}

Activity::Activity(size_t profile_count, size_t zone_count) : profiles(profile_count, ProfileWalks{std::vector<WalkCounts>(zone_count), {}}) {}

void Activity::add(const Activity& o) {
    events += o.events;
    for (size_t i = 0; i < profiles.size(); ++i) profiles[i].add(o.profiles[i]);
}

void Activity::clear() {
    events = {};
    for (ProfileWalks& p : profiles) {
        p.by_zone.assign(p.by_zone.size(), {});
        p.causes = {};
    }
}

Statistics::Statistics(const RunInfo& info, std::vector<Profile> costs, std::filesystem::path where)
    : directory{std::move(where)}, run{info}, profiles{std::move(costs)}, models(profiles.size()),
      zones(info.zones.size() + 1, {0, std::vector<WalkCounts>(profiles.size())}),
      regions(info.regions.size() + 1, {0, std::vector<WalkCounts>(profiles.size())}),
      total{profiles.size(), zones.size()}, in_outermost_spans{profiles.size(), zones.size()},
      outside{profiles.size(), zones.size()} {}

Interval Statistics::cycles(const Activity& a, size_t profile) const {
    return event_cycles(a.events, profiles[profile]) + walk_cycles(a.profiles[profile].total(), profiles[profile]);
}

}  // namespace tools
