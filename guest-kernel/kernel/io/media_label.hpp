// SPDX-License-Identifier: LGPL-2.1-or-later
// What the recorder puts on the data disk and the floppy, and the kernel expects there: the contract of both.
//
//   block 0        label              block n starts with the number n, so that each read proves itself; the rest of the
//   block 1 ..     numbered blocks    block is zero. Behind the numbered blocks of the disk is its swap area, all zero.
//   swap_start ..  swap area
//
// The kernel writes to no medium without this label.
#pragma once

#include <stdint.h>

namespace guest {

inline constexpr char media_magic[12] = {'z', 'o', 'n', 'e', 's', 'c', 'o', 'p', 'e', '-', 'i', 'o'};

struct MediaLabel {
    uint32_t number;          // block 0's own
    char magic[12];
    uint32_t block_bytes;
    uint32_t blocks;          // all of them
    uint32_t swap_start;      // first block without a number; equal to `blocks` if there is no swap area

    constexpr bool valid() const {
        for (unsigned i = 0; i < sizeof magic; ++i)
            if (magic[i] != media_magic[i]) return false;
        return number == 0 && swap_start > 0 && swap_start <= blocks;
    }
};
static_assert(sizeof(MediaLabel) == 28);

constexpr MediaLabel media_label(uint32_t block_bytes, uint32_t blocks, uint32_t swap_start) {
    MediaLabel label{0, {}, block_bytes, blocks, swap_start};
    for (unsigned i = 0; i < sizeof label.magic; ++i) label.magic[i] = media_magic[i];
    return label;
}

// 64 MiB in blocks of a page, the second half of it for swap; and a 3.5 inch floppy in sectors.
inline constexpr MediaLabel disk_label = media_label(4096, 16384, 8192);
inline constexpr MediaLabel floppy_label = media_label(512, 2880, 2880);
static_assert(disk_label.valid() && floppy_label.valid());

}  // namespace guest
