// SPDX-License-Identifier: LGPL-2.1-or-later
// Builds the kernel's first real page tables, once, while it boots.
//
//   kernel root:  direct map (large, the last few pages small) | vmalloc (empty) | pkmap, fixmap (tables, empty) | trampoline
//   shared root:  the same one; at 4:4 another, which maps nothing but the trampoline
#pragma once

#include "guest-kernel/kernel/table_memory.hpp"

namespace guest {

struct BootRoots {
    uint32_t kernel_cr3;
    uint32_t shared_cr3;
};

// Takes tables from `unused`; lowmem ends at `lowmem_end`. Panics if memory for tables runs out.
BootRoots build_kernel_tables(FrameRanges& unused, mm::Pfn lowmem_end);

// Switches to them, and turns on large and global pages.
void load_kernel_tables(uint32_t cr3);

}  // namespace guest
