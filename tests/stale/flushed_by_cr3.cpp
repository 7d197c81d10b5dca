// SPDX-License-Identifier: LGPL-2.1-or-later
// A load of CR3 drops all that is not global.
#include "tests/stale/not_global.hpp"
#include "tests/stale/twin.hpp"

namespace twins::flushed_by_cr3 {

void run(Side) { change_and_use(flush_not_global); }

[[gnu::section(".twins"), gnu::used]] const Twin twin{"flushed-by-cr3", run, Sides::good_only};

}  // namespace twins::flushed_by_cr3
