// SPDX-License-Identifier: LGPL-2.1-or-later
// The table of a sweep: what each operation costs on each split, and why 4:4 costs what it does.
#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "statistics.hpp"

namespace tools {

struct SweepRow {
    std::string label;                   // "3:1", with paging and memory where they differ
    Statistics statistics;
    std::map<std::string, std::string> skipped;  // workload -> why the guest did not run it
};

// The lines `workload NAME skipped: WHY` of a guest's console.
[[nodiscard]] std::map<std::string, std::string> skipped_workloads(std::istream& console);

// Zones, then for each workload a row per cell, values per operation, by each trace's first profile; which cell is fastest, by all
// profiles; an explanation of 4:4; what the columns mean.
void print_sweep(const std::vector<SweepRow>& rows, std::ostream& out);

// Why the null system call costs what it does at 4:4, from the two recordings' counts; empty if there is no such span in both.
[[nodiscard]] std::string explain_four_four(const Statistics& three_one, const Statistics& four_four);

}  // namespace tools
