// SPDX-License-Identifier: LGPL-2.1-or-later
// Cycles from counts: each count times its figure of the profile, once with the best figures and once with each end of
// their intervals. doc/timing-model.md explains it.
#pragma once

#include <stdint.h>

#include "line_recency.hpp"
#include "profile.hpp"

namespace tools {

// Cycles. low <= best <= high.
struct Interval {
    double low{}, best{}, high{};
    Interval& operator+=(const Interval& o) { return low += o.low, best += o.best, high += o.high, *this; }
    friend Interval operator+(Interval a, const Interval& b) { return a += b; }
    friend bool operator==(const Interval&, const Interval&) = default;
};
// `count` events of a cost.
[[nodiscard]] inline Interval operator*(uint64_t count, const Figure& f) {
    const auto n = static_cast<double>(count);
    return {n * f.low, n * f.best, n * f.high};
}

// Walks and the entries they read, by how lately the entry's line had been read (LineRecency's segments).
struct WalkCounts {
    uint64_t walks{};
    uint64_t reads[LineRecency::segments]{};

    // One walk that read `count` entries (0, 1 or 2) whose lines were found in these segments.
    void add_walk(unsigned count, unsigned first, unsigned second) {
        ++walks;
        if (count > 0) ++reads[first];
        if (count > 1) ++reads[second];
    }
    [[nodiscard]] uint64_t all_reads() const { return reads[0] + reads[1] + reads[2] + reads[3]; }
    WalkCounts& operator+=(const WalkCounts& o) {
        walks += o.walks;
        for (unsigned i = 0; i < LineRecency::segments; ++i) reads[i] += o.reads[i];
        return *this;
    }
};

// Everything else that costs time.
struct EventCounts {
    uint64_t instructions{}, cr3_writes{}, invlpg{}, page_faults{};
    uint64_t interrupts{}, interrupt_returns{};  // page faults are not among the interrupts

    EventCounts& operator+=(const EventCounts& o) {
        instructions += o.instructions, cr3_writes += o.cr3_writes, invlpg += o.invlpg, page_faults += o.page_faults;
        interrupts += o.interrupts, interrupt_returns += o.interrupt_returns;
        return *this;
    }
};

// The limits of 'read lately' that LineRecency takes: the profile's low, best and high number of lines.
[[nodiscard]] LineRecency::Limits recency_limits(const Profile& profile);

// Cycles of the walks alone. Few remembered lines make walks dear, so the low end counts with the high limit.
[[nodiscard]] Interval walk_cycles(const WalkCounts& walks, const Profile& profile);

// Cycles of everything but the walks.
[[nodiscard]] Interval event_cycles(const EventCounts& events, const Profile& profile);

}  // namespace tools
