// SPDX-License-Identifier: LGPL-2.1-or-later
// How a recording ended: what run.json, the guest's console and Bochs' last words say, as an outcome for the user.
#pragma once

#include "recorder.hpp"

namespace tools {

// Why we stopped Bochs, if we did.
enum class Stop : uint8_t { none, timeout, interrupted };

// The outcome of the recording in o.output, whose Bochs ended with this wait status. Completes run.json with what only the
// recorder knows. Throws Failure if there is no recording at all.
[[nodiscard]] RecordOutcome outcome_of(const RecordOptions& o, Stop stop, int wait_status);

// A line for the user if the recording found missing flushes and its end does not say so already; else empty.
[[nodiscard]] std::string missing_flushes(const RunInfo& run, const std::filesystem::path& output);

}  // namespace tools
