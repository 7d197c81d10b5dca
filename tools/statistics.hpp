// SPDX-License-Identifier: LGPL-2.1-or-later
// What `stat` knows about a trace: counts only, collected in one pass and constant memory. Cycles are computed from them.
#pragma once

#include <string>
#include <vector>

#include "activity.hpp"
#include "flush_use.hpp"
#include "long_mode.hpp"
#include "shares.hpp"
#include "stale_report.hpp"
#include "trace_reader.hpp"

namespace tools {

struct SpanStatistics {
    std::string name;
    uint64_t count{};                        // finished instances
    uint64_t least{}, median{}, most{};      // instructions of an instance
    Activity sum;                            // over all finished instances, inner spans included
};

// Misses were not served by the first level, walks by no level. lookups >= misses >= walks.
struct LookupStatistics {
    uint64_t lookups{}, misses{}, walks{};
};

// The entries that walks needed, by level. Those that were read lie in LineRecency's segments.
struct WalkLevels {
    uint64_t directory_cached{};             // from the profile's cache of directory entries: no read
    uint64_t directory[LineRecency::max_segments]{}, table[LineRecency::max_segments]{};
};

struct ModelStatistics {
    LookupStatistics instruction, data;
    WalkLevels levels;
};

struct ObservedStatistics {
    uint64_t cr3_writes{}, invlpg{}, page_faults{}, walk_reads{}, walk_writes{}, pdpte_loads{};
    uint64_t fills_read{}, fills_write{}, fills_execute{};
    [[nodiscard]] uint64_t fills() const { return fills_read + fills_write + fills_execute; }
};

// A zone's or region's share, by profile.
struct PlaceStatistics {
    uint64_t observed_fills{};
    std::vector<WalkCounts> walks;
    std::vector<CauseCounts> causes;
};

struct Statistics {
    Statistics(const RunInfo& run, std::vector<Profile> costs, std::filesystem::path directory);

    const std::filesystem::path directory;   // of the trace
    const RunInfo run;
    const std::vector<Profile> profiles;     // with their costs: the recording's, or some of them
    const std::vector<Prices> prices;        // theirs
    uint64_t events{}, bytes{}, last_tick{}; // bytes of all streams
    ObservedStatistics observed;
    LongModeStatistics long_mode;
    std::vector<ModelStatistics> models;     // as profiles, like all that is by profile
    std::vector<PlaceStatistics> zones;      // as run.zones, then `other`
    std::vector<PlaceStatistics> regions;    // as run.regions, then `other`
    std::vector<SpanStatistics> spans;       // those that ended at least once, by id
    std::vector<FlushReport> flushes;        // the useless ones
    std::vector<StaleReport> stale;          // missing flushes, by time
    std::vector<ShareStatistics> tasks, functions;  // the largest first, then `other`; no functions without symbols
    Activity total;                          // everything
    Activity in_outermost_spans;             // finished spans that are in no other: each event at most once
    Activity outside;                        // what lies in no finished span

    // Cycles of an activity by the n-th profile.
    [[nodiscard]] Interval cycles(const Activity& a, size_t profile) const;
    [[nodiscard]] Interval cycles(const ShareStatistics& share, size_t profile) const;
    // Whether that profile's CPU has every instruction of it; if not, its cycles say nothing.
    [[nodiscard]] bool can_execute(const Activity& a, size_t profile) const { return missing_instructions(a.events, profiles[profile]) == 0; }
    // What the n-th profile charges for it.
    [[nodiscard]] static Charges charges(const Activity& a, size_t profile);
};

// Whether the profile has a second level for an access's side, or for any.
[[nodiscard]] bool has_second_level(const Profile& p, bool instruction);
[[nodiscard]] inline bool has_second_level(const Profile& p) { return has_second_level(p, true) || has_second_level(p, false); }

// Reads the whole trace. `costs` are profiles of the recording, in any order; `symbols` name the functions. Throws TraceError where it is damaged.
// With `instructions`, these get what is counted instead of the functions.
[[nodiscard]] Statistics collect_statistics(Trace& trace, std::vector<Profile> costs, const Symbols& symbols = {}, InstructionShares* instructions = nullptr);

}  // namespace tools
