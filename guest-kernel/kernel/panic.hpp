// SPDX-License-Identifier: LGPL-2.1-or-later
// The end of a run: of a good one (power off), and of one that met a bug (zone state, back trace, power off).
#pragma once

#include <stdint.h>

namespace guest {

// Bugs only; what can happen to a correct kernel is a return value.
[[noreturn]] void panic(const char* message);

// Tells zonescope how many tests or workloads failed, then switches the machine off.
[[noreturn]] void finish(uint32_t failures);

inline void assume(bool condition, const char* message) {
    if (!condition) panic(message);
}

}  // namespace guest
