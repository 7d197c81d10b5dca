// SPDX-License-Identifier: LGPL-2.1-or-later
// Ends the run by a bug on purpose, to test what a panic prints (Linux: drivers/misc/lkdtm.c).
#pragma once

#include "guest-kernel/kernel/command_line.hpp"

namespace guest {

// `how`: panic (a failed require), fault (a write to an address that nothing maps), stack (a kernel stack runs over),
// deadlock (nobody is ready and no interrupt will come). Returns for any other word.
void crash(Text how);

}  // namespace guest
