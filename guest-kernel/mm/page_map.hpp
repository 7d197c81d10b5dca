// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the page map (Linux: mem_map) lies: in lowmem, because the kernel reads it all the time. With much memory, large
// structs and a small kernel half it does not fit, and then the machine cannot run this kernel.
#pragma once

#include "guest-kernel/mm/frame_ranges.hpp"
#include "guest-kernel/mm/page.hpp"
#include "mm/layout.hpp"

namespace guest {

// What must be left of lowmem to run anything: 4 MiB for page tables, stacks, slabs.
inline constexpr mm::Pages page_map_leaves{1024};

// Takes the map's frames: above the DMA zone if lowmem reaches that far. Nothing if it does not fit below `lowmem_end`.
inline Maybe<mm::Pfn> place_page_map(FrameRanges& unused, mm::Pfn ram_end, mm::Pfn lowmem_end, uint32_t page_bytes) {
    const mm::Pages pages = mm::pages_for(FrameTable::storage_bytes(ram_end, page_bytes));
    if (unused.pages_within({mm::Pfn{0}, lowmem_end}) < pages + page_map_leaves) return {};
    const Maybe<mm::Pfn> above_dma = unused.take_lowest(pages, 1, mm::dma_zone_end, lowmem_end);
    return above_dma ? above_dma : unused.take_lowest(pages, 1, mm::Pfn{0}, lowmem_end);
}

}  // namespace guest
