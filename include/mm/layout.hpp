// SPDX-License-Identifier: LGPL-2.1-or-later
// The linear address space of every user:kernel split, as data. Source: Linux before 2.6.30 (arch/i386: __PAGE_OFFSET,
// VMALLOC_OFFSET, LAST_PKMAP, __FIXADDR_TOP); 4:4 after the 4G/4G patch of 2003 (PAGE_OFFSET 0x02000000, trampoline at the top).
//
//   0            user_end                     lowmem_end     vmalloc              pkmap        fixmap       4 GiB
//   | user ....... | (4:4: kernel_base) lowmem ... | 8 MiB gap | vmalloc ... | gap | pkmap 4 MiB | ... | fixmap, trampoline |
//                    PAGE_OFFSET                     <----------- the 128 MiB window ----------------------------->
//
// lowmem_bytes is a maximum: with less RAM lowmem, and the start of vmalloc, end earlier (see vmalloc_start_for).
#pragma once

#include "mm/addr.hpp"

namespace mm {

enum class Split : uint8_t { u3k1, u2k2, u1k3, u4k4 };
enum class Paging : uint8_t { classic, pae };

inline constexpr Split all_splits[] = {Split::u3k1, Split::u2k2, Split::u1k3, Split::u4k4};
inline constexpr Paging all_pagings[] = {Paging::classic, Paging::pae};

// What users write and read: "3:1", "pae".
constexpr const char* name(Split s) {
    constexpr const char* names[] = {"3:1", "2:2", "1:3", "4:4"};
    return names[static_cast<unsigned>(s)];
}
constexpr const char* name(Paging p) { return p == Paging::classic ? "classic" : "pae"; }

inline constexpr uint64_t mebibyte = uint64_t{1} << 20;
inline constexpr uint64_t address_space_bytes = uint64_t{1} << 32;
inline constexpr uint64_t vmalloc_reserve = 128 * mebibyte;  // __VMALLOC_RESERVE: the window above lowmem
inline constexpr uint64_t vmalloc_offset = 8 * mebibyte;     // VMALLOC_OFFSET: hole between lowmem and vmalloc
inline constexpr uint32_t fixmap_top = 0xFFFFF000;           // __FIXADDR_TOP; the last page stays unmapped
inline constexpr Pfn dma_zone_end{4096};                     // 16 MiB: 24 ISA address lines (MAX_DMA_PFN)

// All bounds are linear addresses, [start, end); 64 bits wide because some ends are 4 GiB.
struct Layout {
    Split split;
    Paging paging;
    uint64_t user_start, user_end;      // what a process may map; page 0 is never mapped
    uint64_t kernel_base;               // PAGE_OFFSET: the direct map of frame 0
    uint64_t lowmem_bytes;              // the most physical memory that the direct map covers
    uint64_t vmalloc_end;
    uint64_t pkmap_base, pkmap_end;     // persistent kmap slots, one page table's worth
    uint64_t trampoline_base, trampoline_end;  // mapped at the same place in user's and kernel's tables (4:4)
    uint64_t fixmap_base, fixmap_end;
    uint64_t physical_limit;            // exclusive: 4 GiB classic, 64 GiB PAE
    bool own_page_tables;               // 4:4: the kernel has a page directory of its own
};

constexpr uint64_t page_offset(Split s) {
    constexpr uint64_t offsets[] = {0xC0000000, 0x80000000, 0x40000000, 0x02000000};
    return offsets[static_cast<unsigned>(s)];
}

constexpr Layout layout(Split s, Paging p) {
    const bool own = s == Split::u4k4;
    const uint64_t pkmap_slots = p == Paging::classic ? 1024 : 512;  // LAST_PKMAP
    const uint64_t pkmap_base = 0xFF800000;
    const uint64_t trampoline_base = 0xFFFC0000;                     // inside the last page table, shared at 4:4
    Layout l{};
    l.split = s;
    l.paging = p;
    l.user_start = 0x1000;
    l.user_end = own ? 0xFF000000 : page_offset(s);                  // 4G/4G: user stacks end at 0xff000000
    l.kernel_base = page_offset(s);
    l.lowmem_bytes = address_space_bytes - l.kernel_base - vmalloc_reserve;
    if (own) l.lowmem_bytes = 3936 * mebibyte;
    l.vmalloc_end = pkmap_base - 2 * page_size;
    l.pkmap_base = pkmap_base;
    l.pkmap_end = pkmap_base + pkmap_slots * page_size;
    l.fixmap_base = 0xFFF00000;
    l.fixmap_end = trampoline_base;
    l.trampoline_base = trampoline_base;
    l.trampoline_end = fixmap_top;
    l.physical_limit = p == Paging::classic ? address_space_bytes : 16 * address_space_bytes;
    l.own_page_tables = own;
    return l;
}

// The first frame that only kmap can reach when RAM ends at frame `ram_end` (exclusive): the end of ZONE_NORMAL.
constexpr Pfn lowmem_end(const Layout& l, Pfn ram_end) {
    const Pfn limit = frame_of(PhysAddr{l.lowmem_bytes});
    return ram_end < limit ? ram_end : limit;
}

// VMALLOC_START: high_memory + VMALLOC_OFFSET, rounded up to VMALLOC_OFFSET, so that the hole is never smaller.
constexpr uint64_t vmalloc_start_for(const Layout& l, Pfn lowmem_end_frame) {
    const uint64_t high_memory = l.kernel_base + address(lowmem_end_frame).raw;
    return align_up(high_memory + vmalloc_offset, vmalloc_offset);
}

constexpr bool consistent(const Layout& l) {
    const uint64_t vmalloc_start = vmalloc_start_for(l, frame_of(PhysAddr{l.lowmem_bytes}));
    const bool ordered = l.user_start < l.user_end && l.kernel_base + l.lowmem_bytes <= vmalloc_start &&
                         vmalloc_start < l.vmalloc_end && l.vmalloc_end <= l.pkmap_base && l.pkmap_end <= l.fixmap_base &&
                         l.fixmap_base < l.fixmap_end && l.fixmap_end <= l.trampoline_base &&
                         l.trampoline_base < l.trampoline_end && l.trampoline_end <= fixmap_top;
    const bool apart = l.own_page_tables ? l.user_end <= l.trampoline_base : l.user_end <= l.kernel_base;
    const bool aligned = l.kernel_base % (4 * mebibyte) == 0 && l.pkmap_base % (4 * mebibyte) == 0 &&
                         l.user_end % (4 * mebibyte) == 0 && l.lowmem_bytes % (4 * mebibyte) == 0;
    return ordered && apart && aligned;
}

static_assert([] {
    for (Split s : all_splits)
        for (Paging p : all_pagings)
            if (!consistent(layout(s, p))) return false;
    return true;
}());

// ZONE_NORMAL's end, as Linux and Red Hat's hugemem kernel printed it: 896, 1920, 2944 and 3936 MiB.
static_assert(frame_of(PhysAddr{layout(Split::u3k1, Paging::classic).lowmem_bytes}) == Pfn{229376});
static_assert(frame_of(PhysAddr{layout(Split::u2k2, Paging::classic).lowmem_bytes}) == Pfn{491520});
static_assert(frame_of(PhysAddr{layout(Split::u1k3, Paging::classic).lowmem_bytes}) == Pfn{753664});
static_assert(frame_of(PhysAddr{layout(Split::u4k4, Paging::classic).lowmem_bytes}) == Pfn{1007616});

}  // namespace mm
