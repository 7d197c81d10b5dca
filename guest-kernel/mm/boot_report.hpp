// SPDX-License-Identifier: LGPL-2.1-or-later
// The boot log's lines about memory, in the words of Linux 2.6.24 on i386 (mm/page_alloc.c: free_area_init_nodes,
// free_area_init_core; arch/x86/mm/init_32.c: mem_init), so that they can be compared with anybody's log.
#pragma once

#include "guest-kernel/mm/text_sink.hpp"
#include "guest-kernel/mm/zonelist.hpp"

namespace guest {

// "127MB HIGHMEM available.", "896MB LOWMEM available.", "Zone PFN ranges:" and the rest up to each zone's pages. As
// Linux then did, pages are counted with the holes, and each zone pays for the page map of its frames.
void report_zones_at_boot(const Zonelist& zones, const TextSink& out);

// What the "Memory:" line says.
struct MemoryUse {
    mm::Pages available, total, reserved, highmem;
    uint32_t code_bytes, data_bytes, init_bytes;
};
void report_memory(const MemoryUse& use, const TextSink& out);

// One line of "virtual kernel memory layout:", [start, end).
struct LayoutLine {
    const char* name;
    uint64_t start, end;
    enum class Unit : uint8_t { kilobytes, megabytes } unit;
};

// The first lines of it: what lies above the image, from the top of the address space down.
inline constexpr unsigned window_lines = 4;
struct WindowLines { LayoutLine lines[window_lines]; };
constexpr WindowLines layout_windows(const mm::Layout& l, mm::Pfn lowmem_end) {
    using Unit = LayoutLine::Unit;
    return {{{"    fixmap  ", l.fixmap_base, l.fixmap_end, Unit::kilobytes},
             {"    pkmap   ", l.pkmap_base, l.pkmap_end, Unit::kilobytes},
             {"    vmalloc ", mm::vmalloc_start_for(l, lowmem_end), l.vmalloc_end, Unit::megabytes},
             {"    lowmem  ", l.kernel_base, l.kernel_base + mm::address(lowmem_end).raw, Unit::megabytes}}};
}

// The title with the windows, and the lines that a kernel adds for its image.
void report_layout(const WindowLines& windows, const TextSink& out);
void report_layout_line(const LayoutLine& line, const TextSink& out);

}  // namespace guest
