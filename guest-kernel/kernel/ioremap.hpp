// SPDX-License-Identifier: LGPL-2.1-or-later
// Device memory gets kernel addresses from vmalloc's window, for its frames have no struct page and no direct mapping.
// Source: Linux 2.6.28 arch/x86/mm/ioremap.c (__ioremap_caller, iounmap).
#pragma once

#include "guest-kernel/mm/maybe.hpp"
#include "mm/addr.hpp"

namespace guest {

// Where device memory [at, at + bytes) can be read and written, uncached. Nothing if the range is empty, holds RAM or
// lies beyond what this image's tables can name; or if the window is full or a page table cannot be had, which vmalloc()
// counts. The ISA hole, 640 KiB to 1 MiB, needs no mapping: the direct map has it.
[[gnu::noinline]] Maybe<mm::VirtAddr> ioremap(mm::PhysAddr at, uint32_t bytes);

// Assumes an address that ioremap() returned.
void iounmap(mm::VirtAddr at);

}  // namespace guest
