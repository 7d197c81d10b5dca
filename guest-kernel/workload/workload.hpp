// SPDX-License-Identifier: LGPL-2.1-or-later
// A workload: what `workload=NAME` on the command line runs. Registers itself in the kernel image's table of workloads:
//
//   [[gnu::section(".workloads"), gnu::used]] const Workload null_syscall{"null-syscall", [] {
//       return run_program("null-syscall", iterations);
//   }};
//
// `all` runs them in link order, one after the other, each in an otherwise idle kernel with the timer masked: what is
// measured then executes the same instructions on every run. A workload that wants pre-emption starts the timer itself.
#pragma once

#include <stdint.h>

namespace guest {

struct Workload {
    const char* name;
    bool (*run)();  // in ring 0, in the kernel's own process; false if it failed
};

// Starts the ring-3 program `name` with main(argument) and waits for it. True if it exited with status 0.
[[nodiscard]] bool run_program(const char* name, uint32_t argument);

}  // namespace guest
