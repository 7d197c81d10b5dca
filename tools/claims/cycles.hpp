// SPDX-License-Identifier: LGPL-2.1-or-later
// Cycles of an operation, and whether one operation is certainly dearer than another.
//
// Every cost is an interval. Two operations' intervals often overlap only because they share the same costs, whatever those
// are. So the difference is computed first, count by count, and then weighed: what both have in common cancels, and the
// difference's interval contains every value that costs within their intervals can make of it.
#pragma once

#include "facts.hpp"

namespace tools::claims {

enum class Comparison : uint8_t { less, equal, more, unknown };

// Cycles of one instance.
[[nodiscard]] Interval cycles_each(const SpanFacts& span, const Profile& costs);

// What one instance of `a` takes more than one of `b`; low may be below 0.
[[nodiscard]] Interval extra_cycles(const SpanFacts& a, const SpanFacts& b, const Profile& costs);

// Of a against b: equal if no cost can tell them apart, unknown if the costs decide.
[[nodiscard]] Comparison compare(const SpanFacts& a, const SpanFacts& b, const Profile& costs);

}  // namespace tools::claims
