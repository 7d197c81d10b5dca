// SPDX-License-Identifier: LGPL-2.1-or-later
// Lowmem's mapping, linear = physical + PAGE_OFFSET: the only place that turns one into the other.
#pragma once

#include "guest-kernel/config.hpp"
#include "guest-kernel/mm/require.hpp"
#include "mm/addr.hpp"

namespace guest {

inline constexpr mm::VirtAddr direct_map_base{static_cast<uint32_t>(layout.kernel_base)};

// What the direct map covers: the 16 MiB that boot.S maps, until start_memory() knows the machine.
inline mm::Pfn direct_map_end = mm::dma_zone_end;

// log2 of the size of its pages: large ones, unless the command line says otherwise.
inline unsigned direct_map_shift = mm::directory_shift<Format>;

inline mm::VirtAddr lowmem(mm::PhysAddr at) {
    require(mm::frame_of(at) < direct_map_end, "a frame beyond lowmem has no address: use kmap");
    return direct_map_base + static_cast<uint32_t>(at.raw);
}

// The frame's first byte: the same in 32-bit arithmetic, for what runs at every page fault.
inline mm::VirtAddr lowmem(mm::Pfn frame) {
    require(frame < direct_map_end, "a frame beyond lowmem has no address: use kmap");
    return direct_map_base + (frame.raw << mm::page_shift);
}

template <class T>
T* lowmem_pointer(mm::Pfn frame) { return reinterpret_cast<T*>(lowmem(frame).raw); }

template <class T>
T* lowmem_pointer(mm::PhysAddr at) { return reinterpret_cast<T*>(lowmem(at).raw); }

inline mm::PhysAddr physical(const void* lowmem_address) {
    const mm::PhysAddr at{reinterpret_cast<uint32_t>(lowmem_address) - direct_map_base.raw};
    require(mm::frame_of(at) < direct_map_end, "not a direct-map address");
    return at;
}

}  // namespace guest
