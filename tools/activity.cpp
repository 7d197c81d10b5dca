// SPDX-License-Identifier: LGPL-2.1-or-later
// Sums of counts.
#include "activity.hpp"

#include <algorithm>

namespace tools {

Refills refills_of(const CauseCounts& causes) {
    using enum mm::RefillCause;
    Refills r{of(causes, context_switch) + of(causes, task_switch), of(causes, split_switch), of(causes, invlpg), 0};
    for (const uint64_t n : causes) r.other += n;
    r.other -= r.context_switch + r.split_switch + r.invlpg;
    return r;
}

void ProfileWalks::add(const ProfileWalks& o) {
    walks += o.walks;
    for (size_t i = 0; i < causes.size(); ++i) causes[i] += o.causes[i];
    for (size_t i = 0; i < by_zone.size(); ++i) by_zone[i] += o.by_zone[i];
}

void ProfileWalks::clear() {
    walks = {};
    causes = {};
    std::fill(by_zone.begin(), by_zone.end(), 0);
}

Activity::Activity(size_t profile_count, size_t zone_count) : profiles(profile_count, ProfileWalks{{}, {}, std::vector<uint64_t>(zone_count)}) {}

void Activity::add(const Activity& o) {
    events += o.events;
    for (uint32_t left = o.touched; left; left &= left - 1) {
        const auto p = static_cast<size_t>(__builtin_ctz(left));
        touch(p).add(o.profiles[p]);
    }
}

void Activity::clear() {
    events = {};
    for (; touched; touched &= touched - 1) profiles[static_cast<size_t>(__builtin_ctz(touched))].clear();
}

}  // namespace tools
