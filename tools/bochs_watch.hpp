// SPDX-License-Identifier: LGPL-2.1-or-later
// Waits for Bochs while it runs a guest.
#pragma once

#include "child_process.hpp"
#include "record_outcome.hpp"
#include "recorder.hpp"

namespace tools {

// Until it has ended. Stops it, so that it can close the trace, at the time limit or when the user interrupts. `wait_status`: as waitpid() gives it.
[[nodiscard]] Stop watch(ChildProcess& bochs, const RecordOptions& o, const RecordProgress& progress, int& wait_status);

}  // namespace tools
