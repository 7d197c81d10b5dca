// SPDX-License-Identifier: LGPL-2.1-or-later
// The end of a run: of a good one (power off), and of one that met a bug (zone state, back trace, power off).
#pragma once

#include <stdint.h>

#include "guest-kernel/mm/require.hpp"  // panic() and require()

namespace guest {

// Tells zonescope how many tests or workloads failed, then switches the machine off.
[[noreturn]] void finish(uint32_t failures);

}  // namespace guest
