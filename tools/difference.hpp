// SPDX-License-Identifier: LGPL-2.1-or-later
// What changed between two recordings: of each operation, zone, region, function and task, and whether that is certain.
//
// Both are weighed with one profile's figures, those kept with the first recording. So only counts differ, and what both
// have in common cancels (comparison.hpp).
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "comparison.hpp"
#include "sensitivity.hpp"
#include "statistics.hpp"

namespace tools {

// What a change is about, and what its cycles are those of.
enum class ChangeKind : uint8_t {
    operation,   // one finished instance of a span, on average
    everything,  // the whole recording
    zone,        // all walks that found a frame there
    region,      // all walks for an address there
    function,    // its walks, faults and flushes; not its instructions
    task,        // the same; with instructions if both recordings have them. By name; not address spaces, whose CR3 says nothing
};
inline constexpr size_t change_kinds = 6;
[[nodiscard]] const char* name(ChangeKind kind);

struct Change {
    ChangeKind kind;
    std::string name;
    std::string profile;
    Interval before{}, after{};          // cycles
    Interval extra{}, share{};           // cycles after minus before; and after / before, where 1 means the same
    double walks_before{}, walks_after{};
    Comparison order = Comparison::equal;
    bool can_execute = true;             // else the profile's CPU lacks instructions of it, and the cycles say nothing
    std::vector<Influence> causes{};     // what leaves `extra` open, most first
};

// Of one of the recordings only: nothing to compare it with.
struct Unmatched {
    ChangeKind kind;
    std::string name;
    bool before;                         // in which
};

struct Difference {
    std::filesystem::path before, after;      // the trace directories
    std::string label;                        // "3:1": of what a pair from two sweeps has in common
    std::vector<std::string> set_up;          // "split: 3:1, then 4:4": how the recordings were made differently
    std::vector<Change> changes;              // by profile, then by kind, then largest first by best figures
    std::vector<Unmatched> unmatched;
};

// `costs`: profiles that both recordings have.
[[nodiscard]] Difference difference(const Statistics& before, const Statistics& after, const std::string& label = "");

// Operations, or of recordings without common ones everything, that surely take more than `threshold` (0.05: 5 %) longer.
[[nodiscard]] std::vector<const Change*> regressions(const Difference& d, double threshold);

void print_difference(const Difference& d, double threshold, std::ostream& out);
[[nodiscard]] nlohmann::ordered_json difference_json(const Difference& d, double threshold);

}  // namespace tools
