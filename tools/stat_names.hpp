// SPDX-License-Identifier: LGPL-2.1-or-later
// Names for what `stat` prints, in one place for the text's parts.
#pragma once

#include <string>
#include <vector>

#include "statistics.hpp"

namespace tools {

// "context switch": mm::name() of a cause, for people.
[[nodiscard]] const char* title(mm::RefillCause cause);

// The causes that any of the profiles has walks for, flushes last.
[[nodiscard]] std::vector<mm::RefillCause> causes_in(const Statistics& s);

// "1.234%".
[[nodiscard]] std::string percent(uint64_t part, uint64_t whole);

// A zone's or region's name by index; the last is `other`.
[[nodiscard]] std::string zone_name(const Statistics& s, size_t zone);
[[nodiscard]] std::string region_name(const Statistics& s, size_t region);

// "1,234 (1,100-1,600)" cycles: best and the interval; divided by `count` if that is not 0.
[[nodiscard]] std::string interval_text(const Interval& cycles, uint64_t count = 1);

// The same of a difference: "-12 (-40 to 3)".
[[nodiscard]] std::string signed_interval_text(const Interval& cycles);

// For an activity whose instructions the profile's CPU has not got: its cycles would look cheap.
inline constexpr char not_on_this_cpu[] = "not on this CPU";

// interval_text() of an activity by the n-th profile, or not_on_this_cpu.
[[nodiscard]] std::string cycles_text(const Statistics& s, const Activity& a, size_t profile);

// "c0100020".
[[nodiscard]] std::string hexadecimal(uint64_t v);

}  // namespace tools
