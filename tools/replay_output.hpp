// SPDX-License-Identifier: LGPL-2.1-or-later
// What `replay` found, for people and programs.
#pragma once

#include <array>
#include <iosfwd>
#include <optional>

#include <nlohmann/json_fwd.hpp>

#include "replay_engine.hpp"

namespace tools {

// Misses of fully associative TLBs of 1, 2, ... entries.
struct MissCurve {
    uint64_t uses = 0;
    std::vector<uint64_t> misses = std::vector<uint64_t>(StackDistances::most_entries);  // [n - 1]: of n entries
    void add(const StackDistances& d);
};

struct ReplayResult {
    uint64_t references{}, unknown{};
    std::vector<Profile> profiles;
    std::vector<ReplayCounts> counts;  // as the profiles
    struct Curves {
        MissCurve instruction, data;
    };
    std::optional<Curves> curves;
};

void print_replay(const ReplayResult& r, std::ostream& out);
[[nodiscard]] nlohmann::ordered_json replay_json(const ReplayResult& r);

}  // namespace tools
