// SPDX-License-Identifier: LGPL-2.1-or-later
// When and where a recording's walks, flushes and spans happened: what `report` draws over time. Read in one pass, in memory that does
// not grow with the recording.
#pragma once

#include "memory_rows.hpp"
#include "missing_pages.hpp"
#include "span_blocks.hpp"
#include "statistics.hpp"
#include "time_bins.hpp"

namespace tools {

enum class Happening : uint8_t { cr3_write, invlpg, other_flush, page_fault };
inline constexpr size_t happenings = 4;

struct Timeline {
    // `walk_columns`: how many bins of time the walks have at most; even.
    Timeline(const Statistics& s, uint64_t first, size_t walk_columns);

    static constexpr size_t event_columns = 1024;

    uint64_t first, last;                        // ticks
    MemoryRows memory;
    TimeBins walks;                              // a row for each profile and row of memory: row_of()
    TimeBins events{first, happenings, event_columns};  // by Happening
    SpanBlocks spans;
    std::map<uint16_t, std::string> span_names;
    MissingPages pages;
    bool has_references = false;

    [[nodiscard]] size_t row_of(size_t profile, size_t memory_row) const { return profile * memory.count() + memory_row; }
};

// Of the recording that the statistics are of, and their profiles.
[[nodiscard]] Timeline read_timeline(Trace& trace, const Statistics& s, size_t walk_columns);

}  // namespace tools
