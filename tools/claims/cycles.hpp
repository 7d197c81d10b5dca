// SPDX-License-Identifier: LGPL-2.1-or-later
// Cycles of an operation, and whether one operation is certainly dearer than another: tools/comparison.hpp for the claims' facts.
#pragma once

#include "facts.hpp"
#include "tools/comparison.hpp"

namespace tools::claims {

using tools::Comparison;

// What one instance is charged, on average.
[[nodiscard]] Charges charges_each(const SpanFacts& span);

// Cycles of one instance.
[[nodiscard]] Interval cycles_each(const SpanFacts& span, const Profile& costs);

// What one instance of `a` takes more than one of `b`; low may be below 0.
[[nodiscard]] Interval extra_cycles(const SpanFacts& a, const SpanFacts& b, const Profile& costs);

// Of a against b: equal if no cost can tell them apart, unknown if the costs decide.
[[nodiscard]] Comparison compare(const SpanFacts& a, const SpanFacts& b, const Profile& costs);

}  // namespace tools::claims
