// SPDX-License-Identifier: LGPL-2.1-or-later
// Several recordings, some at a time: what `sweep` and `claims` have in common.
#pragma once

#include <vector>

#include "recorder.hpp"

namespace tools {

struct RecordingJob {
    RecordOptions options;
    bool recorded = false;               // the recording was made, whatever its status
    bool kept = false;                   // a former recording of the same is there and will do: not made again
    Status status = Status::done;
    std::string problem;                 // if the status is not done
    double seconds = 0;                  // of the host
};

// Records the jobs that need it, `at_a_time` at a time, in their order; those that an interruption came before get a problem.
// `progress`: jobs done so far, of how many; called some times a second.
void run_jobs(const std::vector<RecordingJob*>& jobs, unsigned at_a_time, const std::function<void(size_t, size_t)>& progress);

}  // namespace tools
