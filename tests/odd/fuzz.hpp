// SPDX-License-Identifier: LGPL-2.1-or-later
// Random page tables, used at random. `flush` says whether every change is followed by a flush of everything; without, most are not.
#pragma once

#include "tests/odd/fuzz_random.hpp"

namespace odd {

void fuzz(Random& random, uint32_t steps, bool flush);

}  // namespace odd
