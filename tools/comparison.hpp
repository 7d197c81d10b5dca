// SPDX-License-Identifier: LGPL-2.1-or-later
// Whether one operation is certainly dearer than another.
//
// Every price is an interval. Two operations' intervals often overlap only because they share the same prices, whatever those
// are. So the difference of the counts is made first and then weighed: what both have in common cancels, and the interval
// of the result holds every value that prices within their intervals can make of it.
#pragma once

#include <string>

#include "cost_model.hpp"

namespace tools {

enum class Comparison : uint8_t { less, equal, more, unknown };

// Of a difference of charges: equal if no price can tell the two apart, unknown if the prices decide.
[[nodiscard]] Comparison compare(const Interval& extra);

// Of something that is compared with what it was, or with the fastest: "faster", "same", "slower", "cannot tell".
[[nodiscard]] const char* verdict(Comparison c);

// a / b, with the same prices above and below the line: low and high are reached by some choice of prices.
// Infinite where b may cost nothing.
[[nodiscard]] Interval ratio(const Charges& a, const Charges& b, const Prices& prices);

// How much more or less a is than b, for people: "10-30 %", "<0.1 %", "5 % less to 12 % more". `of_b` is ratio(a, b).
[[nodiscard]] std::string share_text(const Interval& of_b);

}  // namespace tools
