// SPDX-License-Identifier: LGPL-2.1-or-later
// The three forms in which `stat` prints Statistics: for people, for programs, for spreadsheets.
#pragma once

#include <iosfwd>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "statistics.hpp"

namespace tools {

inline constexpr int stat_schema = 1;

// doc/json.md lists the keys; those of schema 1 stay.
[[nodiscard]] nlohmann::ordered_json statistics_json(const Statistics& s);

// The same values, one a line: section,name,metric,profile,value. A dot in a metric is a level in the JSON.
[[nodiscard]] std::string statistics_csv(const Statistics& s);

// Tables, with a line under each that says what its columns mean.
void print_statistics(const Statistics& s, std::ostream& out);

// "1,234 (1,100-1,600)" cycles: best and the interval; divided by `count` if that is not 0.
[[nodiscard]] std::string interval_text(const Interval& cycles, uint64_t count = 1);

}  // namespace tools
