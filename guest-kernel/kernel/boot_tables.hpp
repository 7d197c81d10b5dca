// SPDX-License-Identifier: LGPL-2.1-or-later
// Builds the kernel's first real page tables, once, while it boots.
//
//   kernel root:  direct map | vmalloc (empty) | pkmap, fixmap (tables, empty) | trampoline
//   shared root:  the same one; at 4:4 another, which maps nothing but the trampoline
#pragma once

#include "guest-kernel/kernel/direct_map_pages.hpp"
#include "guest-kernel/kernel/table_memory.hpp"

namespace guest {

struct BootRoots {
    uint32_t kernel_cr3;
    uint32_t shared_cr3;
};

// Takes tables from `unused`, the lowest frames that are free; lowmem ends at `lowmem_end`. Panics if memory for tables runs
// out: small pages need a table per 4 MiB of lowmem, 2 MiB with PAE, in the 16 MiB that are mapped so early.
BootRoots build_kernel_tables(FrameRanges& unused, mm::Pfn lowmem_end, DirectMapPages pages);

// Switches to them, and turns on global pages, and large ones if they have any.
void load_kernel_tables(uint32_t cr3, DirectMapPages pages);

}  // namespace guest
