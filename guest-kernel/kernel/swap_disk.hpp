// SPDX-License-Identifier: LGPL-2.1-or-later
// The disk's swap area: page-sized blocks, one a slot, read and written by bus-master DMA.
#pragma once

#include "guest-kernel/kernel/io/block.hpp"
#include "mm/addr.hpp"

namespace guest {

// How many slots the area has; 0 without a disk, a label that says where it begins, or a bus master.
uint32_t swap_area_blocks();

// Consecutive slots from consecutive memory or not. The disk may fail it, or memory to bounce through: only the latter may
// go well later.
[[nodiscard]] bool write_swap_blocks(uint32_t slot, const mm::Pfn* frames, uint32_t count, bool may_sleep);
[[nodiscard]] IoStatus read_swap_block(uint32_t slot, mm::Pfn frame, bool may_sleep);

}  // namespace guest
