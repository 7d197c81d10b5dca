// SPDX-License-Identifier: LGPL-2.1-or-later
// Moves bytes between the kernel and the current process.
//
// Below 4:4 the process's own tables map both sides, so HIGHMEM pages need no kmap: a plain copy that may fault. At
// 4:4 the kernel runs on its own tables: each user page is looked up and mapped with an atomic kmap.
#pragma once

#include <stdint.h>

#include "mm/addr.hpp"

namespace guest {

// Whether the range lies in the user part of the address space, mapped or not.
[[nodiscard]] bool user_range(mm::VirtAddr at, uint32_t bytes);

// False if part of the user range is not the process's memory; then some of it may have been copied.
[[nodiscard]] bool copy_to_user(mm::VirtAddr to, const void* from, uint32_t bytes);
[[nodiscard]] bool copy_from_user(void* to, mm::VirtAddr from, uint32_t bytes);

}  // namespace guest
