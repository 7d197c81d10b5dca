// SPDX-License-Identifier: LGPL-2.1-or-later
// Ending another process. It is in the kernel, ready or waiting: whatever it is doing there it finishes, and then it ends
// instead of returning to ring 3.
#pragma once

#include "guest-kernel/kernel/process.hpp"

namespace guest {

// 0, or Error::no_process for one without a ring 3. A process may end itself: then this does not return.
[[nodiscard]] int32_t kill(int32_t process);

}  // namespace guest
