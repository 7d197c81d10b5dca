// SPDX-License-Identifier: LGPL-2.1-or-later
// Which of several recordings does the same operations in the fewest cycles, by each profile, and whether that is certain.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "comparison.hpp"
#include "sensitivity.hpp"
#include "statistics.hpp"

namespace tools {

struct Contestant {
    std::string label;               // "3:1"
    const Statistics* statistics;
};

// One recording's operation against the fastest one's.
struct Standing {
    size_t who;                          // place in the list of contestants
    Interval each;                       // cycles of one operation
    Interval extra{}, share{};           // more than the fastest: cycles; and as a ratio, 1: the same
    Comparison order = Comparison::equal;
    std::vector<Influence> causes{};     // what leaves `extra` open, most first
};

struct Ranking {
    std::string operation;               // the span's name, or all_operations
    std::string profile;
    std::vector<Standing> standings;     // the fastest by best figures first; those that did not measure it are left out
    std::vector<size_t> impossible{};    // contestants that measured it, with instructions that the profile's CPU has not got
};
// One instance of every operation that all recordings measured and that the profile's CPU can execute.
inline constexpr char all_operations[] = "one of each";

// For each profile and each span that two or more recordings measured; last, for each profile, all_operations.
[[nodiscard]] std::vector<Ranking> rank(const std::vector<Contestant>& contestants);

// A column for each recording, a row for each operation and each group of profiles that say the same of it; then why the
// undecided ones are so.
void print_rankings(const std::vector<Ranking>& rankings, const std::vector<Contestant>& contestants, std::ostream& out);

// Which figures leave the differences open, for the undecided ones and for all_operations.
void print_ranking_sensitivity(const std::vector<Ranking>& rankings, const std::vector<Contestant>& contestants, std::ostream& out);

[[nodiscard]] nlohmann::ordered_json rankings_json(const std::vector<Ranking>& rankings, const std::vector<Contestant>& contestants);

// "3:1", with the paging, the memory, the directory where these are needed to tell the recordings apart.
[[nodiscard]] std::vector<std::string> labels_of(const std::vector<Statistics>& recordings);

}  // namespace tools
