// SPDX-License-Identifier: LGPL-2.1-or-later
// All that happened in a stretch of time: what everybody shares, and what each profile's TLBs made of it. Counts only.
#pragma once

#include <array>
#include <vector>

#include "cost_model.hpp"
#include "mm/trace_codec.hpp"

namespace tools {

using CauseCounts = std::array<uint64_t, mm::refill_causes>;  // by mm::RefillCause; they sum to the walks
[[nodiscard]] inline uint64_t of(const CauseCounts& causes, mm::RefillCause c) { return causes[static_cast<size_t>(c)]; }

// The four causes that everybody asks for; they sum to the walks, too.
struct Refills {
    uint64_t context_switch{}, split_switch{}, invlpg{}, other{};
};
[[nodiscard]] Refills refills_of(const CauseCounts& causes);

// What one profile's TLBs missed.
struct ProfileWalks {
    WalkCounts walks;
    CauseCounts causes{};
    std::vector<uint64_t> by_zone;  // the same walks: as run().zones, then `other`

    void add(const ProfileWalks& o);
    void clear();
};

struct Activity {
    EventCounts events;
    std::vector<ProfileWalks> profiles;  // as the statistics' profiles
    uint32_t touched = 0;                // bit n: the n-th profile has counts. Most spans are short, and most profiles miss nothing

    Activity(size_t profile_count, size_t zone_count);
    ProfileWalks& touch(size_t profile) { return touched |= uint32_t{1} << profile, profiles[profile]; }
    void add(const Activity& o);
    void clear();
};

}  // namespace tools
