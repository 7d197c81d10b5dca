// SPDX-License-Identifier: LGPL-2.1-or-later
// Proves a trace: packets, times, states, span nesting, walks that decode and permit, counts that are conserved.
#pragma once

#include <string>
#include <vector>

#include "trace_reader.hpp"

namespace tools {

struct CheckReport {
    uint64_t packets{}, events{}, bytes{};
    std::vector<std::string> notes;  // what is incomplete, though sound
};

// Reads the whole trace. Throws TraceError with the file and offset of the first thing that is wrong.
[[nodiscard]] CheckReport check_trace(Trace& trace);

}  // namespace tools
