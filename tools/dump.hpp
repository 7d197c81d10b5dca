// SPDX-License-Identifier: LGPL-2.1-or-later
// Prints a trace's events, one a line, in the order of time over all CPUs.
#pragma once

#include <stdint.h>

#include <iosfwd>
#include <string>
#include <vector>

#include "symbols.hpp"
#include "trace_reader.hpp"

namespace tools {

struct DumpFilter {
    uint64_t from = 0, to = UINT64_MAX;          // ticks, inclusive
    std::vector<std::string> events;             // names; empty: all
    std::string zone;                            // only events that translate to this zone; empty: all
    uint64_t limit = UINT64_MAX;                 // lines
    Symbols symbols;                             // the function of an event's instruction is named, if these have it
};

// One line for each event that passes the filter: text, or a JSON object if `json`.
// Throws InputError if the filter names an event or a zone that the trace does not have, TraceError at damage.
void dump(Trace& trace, const DumpFilter& filter, bool json, std::ostream& out);

}  // namespace tools
