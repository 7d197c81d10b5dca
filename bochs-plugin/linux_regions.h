// SPDX-License-Identifier: LGPL-2.1-or-later
// How a 32-bit Linux kernel divides the linear addresses (arch/x86/include/asm/pgtable_32_areas.h):
//
//   user | lowmem | (8 MiB) | vmalloc | (2 pages) | pkmap | (LDT) | trampoline: cpu entry area | fixmap
//   0   PAGE_OFFSET  high_memory      LDT or PKMAP_BASE          CPU_ENTRY_AREA_BASE   FIXADDR_TOT_START   4 GiB
#pragma once

#include <string>
#include <vector>

#include "linux_symbols.h"
#include "run_info.h"

namespace plugin {

struct LinuxRegions {
    std::vector<RunInfo::Region> regions;  // in the order of addresses
    std::vector<std::string> missing;      // symbols, or what they name: without them some regions could not be told
    uint32_t page_offset = 0;
    // Code that is mapped in the page tables of programs, too (arch/x86/kernel/vmlinux.lds.S). It is part of lowmem; a kernel with page-table
    // isolation switches tables there (arch/x86/entry/entry_32.S).
    mm::VirtAddr entry_text{}, entry_text_end{};
    bool in_entry_text(mm::VirtAddr a) const { return entry_text <= a && a < entry_text_end; }
};

// What is set up already. Complete once `missing` is empty.
LinuxRegions read_linux_regions(const GuestMemory&, const LinuxSymbols&);

}  // namespace plugin
