// SPDX-License-Identifier: LGPL-2.1-or-later
// What a report is about: recordings, each with its statistics and what happened over time; and the block of JSON that its page has.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "ranking.hpp"
#include "replay_output.hpp"
#include "timeline.hpp"

namespace tools {

inline constexpr int report_schema = 1;

struct Reported {
    std::string label;                          // "3:1"
    const Statistics* statistics;
    Symbols symbols;
    Timeline timeline;
    std::optional<ReplayResult::Curves> curves;  // of a recording with references
};
struct Report {
    std::vector<Reported> recordings;           // at least one
    std::vector<Contestant> contestants;        // the same
    std::vector<Ranking> rankings;              // of several
    std::vector<std::string> left_out;          // recordings of a sweep that failed
};

// How many bins of time the walks of each recording may have, so that all of them together stay small.
[[nodiscard]] size_t walk_columns(size_t recordings, size_t profiles);

// The page's data: for each recording what `stat --json` says, and its timeline. doc/json.md has the keys.
[[nodiscard]] nlohmann::ordered_json report_json(const Report& report);

}  // namespace tools
