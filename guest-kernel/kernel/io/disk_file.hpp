// SPDX-License-Identifier: LGPL-2.1-or-later
// The data disk's numbered blocks as one file, which programs read and write through the page cache.
#pragma once

#include "guest-kernel/kernel/io/page_cache.hpp"

namespace guest {

// Bytes moved between the current process and the file at `offset`, fewer at the file's end; or an Error: bad_address,
// no_memory, no_device, io.
[[nodiscard]] int32_t read_disk(mm::VirtAddr to, uint32_t bytes, uint32_t offset);
[[nodiscard]] int32_t write_disk(mm::VirtAddr from, uint32_t bytes, uint32_t offset);

// Writes what is dirty: 0, or an Error.
[[nodiscard]] int32_t sync_disk();

// The file's cache; null without a disk. It can be reclaimed from its first use on.
PageCache* disk_cache();

}  // namespace guest
