// SPDX-License-Identifier: LGPL-2.1-or-later
// Proves a trace: packets, times, states, span nesting, walks that decode and permit, counts that are conserved.
#pragma once

#include <string>
#include <vector>

#include "statistics.hpp"

namespace tools {

struct CheckReport {
    uint64_t packets{}, events{}, bytes{};
    std::vector<std::string> notes;  // what is incomplete, though sound
};

// Reads the whole trace. Throws TraceError with the file and offset of the first thing that is wrong.
[[nodiscard]] CheckReport check_trace(Trace& trace);

// Proves what must hold between the sums: throws Failure naming the first that does not. `subject` names the trace.
void check_conservation(const Statistics& s, const std::string& subject);

}  // namespace tools
