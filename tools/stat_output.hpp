// SPDX-License-Identifier: LGPL-2.1-or-later
// The three forms in which `stat` prints Statistics: for people, for programs, for spreadsheets.
#pragma once

#include <iosfwd>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "sensitivity.hpp"
#include "stat_names.hpp"
#include "symbols.hpp"

namespace tools {

inline constexpr int stat_schema = 1;

// doc/json.md lists the keys; those of schema 1 stay.
[[nodiscard]] nlohmann::ordered_json statistics_json(const Statistics& s, const Symbols& symbols);

// Parts of it.
[[nodiscard]] nlohmann::ordered_json interval_json(const Interval& i);
[[nodiscard]] nlohmann::ordered_json causes_json(const CauseCounts& causes);                    // all of them, by name
[[nodiscard]] nlohmann::ordered_json walk_levels_json(const Statistics& s, size_t profile);
[[nodiscard]] nlohmann::ordered_json useless_flushes_json(const Statistics& s, const Symbols& symbols);  // by profile
[[nodiscard]] nlohmann::ordered_json tasks_json(const Statistics& s);
[[nodiscard]] nlohmann::ordered_json functions_json(const Statistics& s);
void add_share(nlohmann::ordered_json& object, const Statistics& s, const ShareStatistics& share);   // its counts and cycles
[[nodiscard]] nlohmann::ordered_json sensitivity_json(const Statistics& s);                     // by profile

// The same values, one a line: section,name,metric,profile,value. A dot in a metric is a level in the JSON.
[[nodiscard]] std::string statistics_csv(const Statistics& s, const Symbols& symbols);

// Tables, with a line above each that says what it holds. One profile is shown in full; of several, what can be compared.
void print_statistics(const Statistics& s, const Symbols& symbols, std::ostream& out);

// Parts of it.
void print_long_mode(const Statistics& s, std::ostream& out);        // nothing if it was not used
void print_walks(const Statistics& s, std::ostream& out);            // who pays for them, and what they read
void print_places(const Statistics& s, std::ostream& out);           // zones and regions
void print_shares(const Statistics& s, std::ostream& out);           // tasks and functions
void print_spans(const Statistics& s, std::ostream& out);
void print_useless_flushes(const Statistics& s, const Symbols& symbols, std::ostream& out);

// Which figures leave the cycles of the whole recording open, largest share first.
void print_sensitivity(const Statistics& s, std::ostream& out);

}  // namespace tools
