// SPDX-License-Identifier: LGPL-2.1-or-later
// Two one-page buffers, one in each kind of memory, that processes read and write: what a file system's cache page is
// to read() and write().
#pragma once

#include "guest-kernel/abi.hpp"
#include "mm/addr.hpp"

namespace guest {

// Allocates them; panics if that fails.
void start_buffers();

// Bytes moved, or an Error: bad_argument (no such buffer, more than buffer_bytes), bad_address.
[[nodiscard]] int32_t buffer_to_user(mm::VirtAddr to, uint32_t bytes, Buffer from);
[[nodiscard]] int32_t buffer_from_user(mm::VirtAddr from, uint32_t bytes, Buffer to);

}  // namespace guest
