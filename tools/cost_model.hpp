// SPDX-License-Identifier: LGPL-2.1-or-later
// Cycles from counts: each count times its price, once with the best figures and once with each end of their intervals.
//
//   EventCounts, WalkCounts --charges_of--> Charges --+
//                                                     +-- cycles() --> Interval
//   Profile ----------------prices_of-----> Prices  --+
//
// Charges may be subtracted and divided before they are weighed: what two operations have in common then costs nothing,
// whatever it costs. doc/timing-model.md explains it.
#pragma once

#include <stdint.h>

#include <array>

#include "line_recency.hpp"
#include "profile.hpp"

namespace tools {

// Cycles. low <= best <= high.
struct Interval {
    double low{}, best{}, high{};
    [[nodiscard]] double width() const { return high - low; }
    Interval& operator+=(const Interval& o) { return low += o.low, best += o.best, high += o.high, *this; }
    friend Interval operator+(Interval a, const Interval& b) { return a += b; }
    friend bool operator==(const Interval&, const Interval&) = default;
};
// `count` events of a cost.
[[nodiscard]] inline Interval operator*(uint64_t count, const Figure& f) {
    const auto n = static_cast<double>(count);
    return {n * f.low, n * f.best, n * f.high};
}

// What a profile's first-level misses led to: hits in the second level, or walks and the entries that these read, by how lately
// the entry's line had been read (LineRecency's segments for the profile's line_limits).
struct WalkCounts {
    uint64_t walks{}, second_hits{};
    uint64_t reads[LineRecency::max_segments]{};

    [[nodiscard]] uint64_t all_reads() const;
    WalkCounts& operator+=(const WalkCounts& o);
};

// Everything else that costs time.
struct EventCounts {
    uint64_t instructions{}, cr3_writes{}, invlpg{}, pdpte_loads{}, page_faults{};
    uint64_t interrupts{}, exceptions{}, interrupt_returns{};  // INT n and external; others but page faults; IRET
    uint64_t fast_calls{}, fast_returns{};                     // SYSENTER and SYSCALL; SYSEXIT and SYSRET

    EventCounts& operator+=(const EventCounts& o);
    friend bool operator==(const EventCounts&, const EventCounts&) = default;
};

// How many of the counted instructions the CPU has not got: fast calls and returns. Cycles leave them out, so that those of an
// operation that has some say nothing.
[[nodiscard]] uint64_t missing_instructions(const EventCounts& events, const Profile& profile);

// What costs time, each with a price of its own. The reads of walks follow: one for each segment.
enum class Charge : uint8_t {
    instruction, mov_cr3, invlpg, pdpte_load, interrupt, exception, iret, fast_call, fast_return, page_fault, second_hit, walk, read,
};
inline constexpr size_t charge_count = static_cast<size_t>(Charge::read) + LineRecency::max_segments;

// How often each was paid: counts, averages, or differences of these.
struct Charges {
    std::array<double, charge_count> times{};
    double& operator[](Charge c) { return times[static_cast<size_t>(c)]; }
    double operator[](Charge c) const { return times[static_cast<size_t>(c)]; }
    Charges& operator+=(const Charges& o);
    friend Charges operator-(const Charges& a, const Charges& b);
    friend Charges operator/(const Charges& c, double n);
};
[[nodiscard]] Charges charges_of(const EventCounts& events, const WalkCounts& walks);

using Prices = std::array<Interval, charge_count>;

// The limits for LineRecency: every number of lines at which one of the profile's caches may end.
[[nodiscard]] LineRecency::Limits line_limits(const Profile& profile);

// What a profile charges. Counts that were made with the limits of another version of the profile need those.
[[nodiscard]] Prices prices_of(const Profile& profile);
[[nodiscard]] Prices prices_of(const Profile& profile, const LineRecency::Limits& counted_with);

// The bounds of what the prices can make of the charges, of which some may be negative.
[[nodiscard]] Interval cycles(const Charges& charges, const Prices& prices);

// Cycles of the walks alone, and of everything but the walks and second-level hits.
[[nodiscard]] Interval walk_cycles(const WalkCounts& walks, const Profile& profile);
[[nodiscard]] Interval event_cycles(const EventCounts& events, const Profile& profile);

// Where the entries of a segment are found with the best figures.
enum class LinePlace : uint8_t { l1, l2, memory };
inline constexpr size_t line_places = 3;
[[nodiscard]] LinePlace best_place(unsigned segment, const Profile& profile);

}  // namespace tools
