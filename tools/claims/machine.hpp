// SPDX-License-Identifier: LGPL-2.1-or-later
// The machine that an experiment runs on: what tells one recording of `zonescope claims` from another.
#pragma once

#include <string>

#include "tools/recorder.hpp"

namespace tools::claims {

struct Machine {
    std::string split = "3:1", paging = "classic";
    uint64_t memory_mib = 1024;
    std::string append{};  // words for the guest's command line, besides the workloads
    std::string initramfs = "embedded";  // where the programs are, as RecordOptions has it
    std::string apart{};   // names a recording of its own, for workloads that leave a mark on those after them

    friend bool operator==(const Machine&, const Machine&) = default;
};

// "3-1-classic-1024M-nopge": the trace directory's name. Two machines of the catalogue never share one.
[[nodiscard]] std::string directory_name(const Machine& machine);

// "3:1 classic 1024M nopge": for messages.
[[nodiscard]] std::string title(const Machine& machine);

// What the recorder is told; workloads and output are the caller's.
[[nodiscard]] RecordOptions options_for(const Machine& machine);

}  // namespace tools::claims
