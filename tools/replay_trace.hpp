// SPDX-License-Identifier: LGPL-2.1-or-later
// A whole recording through the replay engine.
#pragma once

#include "replay_output.hpp"
#include "trace_reader.hpp"

namespace tools {

// Every stream through TLBs of its own. Without references in the trace, ReplayResult::references is 0.
[[nodiscard]] ReplayResult replay_trace(Trace& trace, std::vector<Profile> profiles, bool curves);

}  // namespace tools
