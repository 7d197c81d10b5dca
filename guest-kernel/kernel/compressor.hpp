// SPDX-License-Identifier: LGPL-2.1-or-later
// LZ4's block format, one page at a time: what swap in memory compresses with (Linux: zram's and zswap's lz4).
#pragma once

#include <stdint.h>

namespace guest {

// Compresses the page at `page` into at most `room` bytes at `out`. How many it took; 0 if they do not suffice.
[[nodiscard]] uint32_t compress_page(const void* page, void* out, uint32_t room);

// The way back. False if the bytes are not a whole compressed page; then part of `page` may have been written.
[[nodiscard]] bool decompress_page(const void* compressed, uint32_t bytes, void* page);

}  // namespace guest
