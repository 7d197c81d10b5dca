// SPDX-License-Identifier: LGPL-2.1-or-later
// The cells of a sweep: every combination of split, paging and memory, each a trace directory, listed in sweep.json.
#pragma once

#include "recording_job.hpp"

namespace tools {

inline constexpr char sweep_file[] = "sweep.json";  // in the sweep directory

struct SweepPlan {
    std::vector<std::string> splits, pagings;
    std::vector<uint64_t> memories;      // MiB
    RecordOptions common;                // what all cells share
    std::filesystem::path output;
    unsigned jobs = 1;                   // recordings at a time
    bool resume = false;                 // keep cells that are complete
};

// Kept if it was complete before and --resume was given; its options' output is the plan's with the directory.
struct SweepCell : RecordingJob {
    std::string directory;               // "3-1-classic-1024M"
};

// All cells, in the order splits, pagings, memories, the last changing fastest. Throws InputError if one cannot be recorded.
[[nodiscard]] std::vector<SweepCell> cells_of(const SweepPlan& plan);

// The traces in the output directory that are no cells of this sweep. They are left alone, and sweep.json does not have them.
[[nodiscard]] std::vector<std::string> former_cells(const SweepPlan& plan, const std::vector<SweepCell>& cells);

// Records the cells that need it, `jobs` at a time, and writes sweep.json. `progress`: cells done so far, of how many.
void run_cells(const SweepPlan& plan, std::vector<SweepCell>& cells, const std::function<void(size_t, size_t)>& progress);

}  // namespace tools
