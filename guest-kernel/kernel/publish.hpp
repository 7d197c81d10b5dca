// SPDX-License-Identifier: LGPL-2.1-or-later
// Tells zonescope, if it listens, what this kernel is and does (mm/protocol.hpp).
#pragma once

#include <stdint.h>

namespace guest {

// Who we are: zones, regions, the symbols' file, the spans' names. Once, when the memory is set up.
void publish_machine();

void publish_result(uint32_t failures);

}  // namespace guest
