// SPDX-License-Identifier: LGPL-2.1-or-later
// A workload: what `workload=NAME` on the command line runs. workload/table.cpp lists them all.
//
// `all` runs them in the table's order, one after the other, each in an otherwise idle kernel with the timer masked:
// what is measured then executes the same instructions on every run. A workload that wants pre-emption starts the timer
// itself.
#pragma once

#include <stdint.h>

namespace guest {

struct Workload {
    const char* name;         // its span's name too
    const char* description;  // what one span instance covers
    bool (*run)();            // in ring 0, in the kernel's own process; false if it failed
};

// Starts the ring-3 program `name` with main(argument) and waits for it. True if it exited with status 0.
[[nodiscard]] bool run_program(const char* name, uint32_t argument);

}  // namespace guest
