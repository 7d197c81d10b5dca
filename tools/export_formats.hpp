// SPDX-License-Identifier: LGPL-2.1-or-later
// The forms in which a trace leaves for other programs. All are written in one pass, in memory that does not grow with the trace.
#pragma once

#include <stdint.h>

#include <iosfwd>
#include <string>
#include <vector>

#include "stat_output.hpp"
#include "trace_reader.hpp"

namespace tools {

// The words of --format.
inline const std::vector<std::string> export_formats{"perfetto", "csv", "json"};

// The trace event format of Chrome's tracing, which ui.perfetto.dev opens: an object with `traceEvents`. One process a CPU. Its
// spans and tasks are slices, flushes, marks and stale uses are instants, and what happened in each of `intervals` equal parts of the
// recording are counters: walks by zone for each profile, flushes, page faults and Bochs' fills. Times are emulated microseconds since power-on.
inline constexpr unsigned default_intervals = 1000;
void export_perfetto(Trace& trace, const Symbols& symbols, unsigned intervals, std::ostream& out);

// What `stat` knows, as tables of which every cell is one value.
struct CsvTable {
    std::string name;                            // "zones"
    std::vector<std::string> columns;            // "walks.p6": a dot is a level in `stat --json`
    std::vector<std::vector<std::string>> rows;  // as the columns; empty where an element lacks the value
};
[[nodiscard]] std::vector<CsvTable> csv_tables(const Statistics& s, const Symbols& symbols);

// RFC 4180, but for lines, which end in LF.
void write_csv(const CsvTable& table, std::ostream& out);

}  // namespace tools
