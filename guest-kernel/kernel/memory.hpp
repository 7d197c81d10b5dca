// SPDX-License-Identifier: LGPL-2.1-or-later
// The machine's memory as the running kernel uses it: the zones, and the ways to reach a page.
#pragma once

#include "guest-kernel/kernel/direct_map_pages.hpp"
#include "guest-kernel/kernel/kernel_tables.hpp"
#include "guest-kernel/kernel/memory_options.hpp"
#include "guest-kernel/mm/kmalloc.hpp"
#include "guest-kernel/mm/kmap.hpp"
#include "guest-kernel/mm/kmap_atomic.hpp"
#include "guest-kernel/mm/vmalloc.hpp"
#include "guest-kernel/mm/zonelist.hpp"

namespace guest {

// Builds and loads the kernel's page tables, makes the page map and hands all free memory to the zones. `ram` is every
// usable frame, and stays; the kernel's image lies in it, and the boot module, if there is one, which nobody is given. Ends the
// run if the page map does not fit. Prints Linux' boot lines.
void start_memory(const FrameRanges& ram, const FrameRange& module, const MemoryOptions& options, DirectMapPages pages);

bool memory_started();  // if not, what follows does not exist yet

Zonelist& zones();
KernelTables& kernel_tables();
Kmap<KernelTables>& kmap();
KmapAtomic<KernelTables>& kmap_atomic();
Kmalloc& kmalloc();
Vmalloc<KernelTables>& vmalloc();

mm::VirtAddr vmalloc_start();

// Whether any frame of the range is RAM, and not a hole or a device.
bool any_ram(FrameRange range);

// What every address space shares with the kernel: the directory entries of [shared_from(), 4 GiB) in this root.
uint32_t shared_root();
mm::VirtAddr shared_from();

// A zeroed frame for a user page, HIGHMEM first; false if the zones keep what is left.
[[nodiscard]] bool allocate_user_frame(mm::Pfn& out);

}  // namespace guest
