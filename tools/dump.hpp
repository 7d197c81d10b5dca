// SPDX-License-Identifier: LGPL-2.1-or-later
// Prints a trace's events, one a line, in the order of time over all CPUs.
#pragma once

#include <iosfwd>

#include "dump_filter.hpp"
#include "trace_reader.hpp"

namespace tools {

// One line for each event that passes the filter: text, or a JSON object if `json`.
// Throws InputError if the filter names what the trace does not have, TraceError at damage.
void dump(Trace& trace, const DumpFilter& filter, bool json, std::ostream& out);

}  // namespace tools
