// SPDX-License-Identifier: LGPL-2.1-or-later
// What `stat` knows about a trace: counts only, collected in one pass and constant memory. Cycles are computed from them.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "cost_model.hpp"
#include "trace_reader.hpp"

namespace tools {

using CauseCounts = std::array<uint64_t, mm::refill_causes>;  // by mm::RefillCause

// The four causes that everybody asks for; they sum to the walks.
struct Refills {
    uint64_t context_switch{}, split_switch{}, invlpg{}, other{};
};
[[nodiscard]] Refills refills_of(const CauseCounts& causes);

// Walks of one profile, by the zone of the frame they ended at and by the flush that made them necessary.
struct ProfileWalks {
    std::vector<WalkCounts> by_zone;  // as run().zones, then `other`
    CauseCounts causes{};

    [[nodiscard]] WalkCounts total() const;
    void add(const ProfileWalks& o);
};

// All that happened in a stretch of time.
struct Activity {
    EventCounts events;
    std::vector<ProfileWalks> profiles;  // as run().profiles

    Activity(size_t profile_count, size_t zone_count);
    void add(const Activity& o);
    void clear();
};

struct SpanStatistics {
    std::string name;
    uint64_t count{};                        // finished instances
    uint64_t least{}, median{}, most{};      // instructions of an instance
    Activity sum;                            // over all finished instances, inner spans included
};

struct LookupStatistics {
    uint64_t lookups{}, misses{};
};
struct ModelStatistics {
    LookupStatistics instruction, data;
};

struct ObservedStatistics {
    uint64_t cr3_writes{}, invlpg{}, page_faults{}, walk_reads{}, walk_writes{}, pdpte_loads{};
    uint64_t fills_read{}, fills_write{}, fills_execute{};
    [[nodiscard]] uint64_t fills() const { return fills_read + fills_write + fills_execute; }
};

// A zone's or region's share.
struct PlaceStatistics {
    uint64_t observed_fills{};
    std::vector<WalkCounts> walks;  // by profile
};

struct Statistics {
    Statistics(const RunInfo& run, std::vector<Profile> costs, std::filesystem::path directory);

    const std::filesystem::path directory;   // of the trace
    const RunInfo run;
    const std::vector<Profile> profiles;     // costs, as run.profiles
    uint64_t events{}, bytes{}, last_tick{}; // bytes of all streams
    ObservedStatistics observed;
    std::vector<ModelStatistics> models;     // as run.profiles
    std::vector<PlaceStatistics> zones;      // as run.zones, then `other`
    std::vector<PlaceStatistics> regions;    // as run.regions, then `other`
    std::vector<SpanStatistics> spans;       // those that ended at least once, by id
    Activity total;                          // everything
    Activity in_outermost_spans;             // finished spans that are in no other: each event at most once
    Activity outside;                        // what lies in no finished span

    // Cycles of an activity by the n-th profile.
    [[nodiscard]] Interval cycles(const Activity& a, size_t profile) const;
};

// Reads the whole trace. Throws TraceError where it is damaged.
[[nodiscard]] Statistics collect_statistics(Trace& trace, std::vector<Profile> costs);

}  // namespace tools
