// SPDX-License-Identifier: LGPL-2.1-or-later
// Kernel mappings between VMALLOC_START and VMALLOC_END: virtually contiguous memory over scattered frames (vmalloc), and
// device memory, which has no struct page (ioremap).
//
//   allocate, map_device:  addresses -> entries written           no flush: nothing was cached for them
//   free, unmap_device:    entries cleared, frames given back     no flush: the addresses are not used again before
//   purge:                 one global flush for all freed areas   when they are many, or no other addresses are left
//
// So a TLB may still translate an address of a freed area to a frame that has another owner by now. It is the caller's
// bug, as in Linux, to use such an address. Frames come from HIGHMEM first.
// Source: Linux 2.6.28 mm/vmalloc.c (alloc_vmap_area, free_unmap_vmap_area, __purge_vmap_area_lazy, lazy_max_pages).
#pragma once

#include "guest-kernel/mm/page_mapper.hpp"
#include "guest-kernel/mm/vm_areas.hpp"
#include "guest-kernel/mm/zonelist.hpp"

namespace guest {

inline constexpr mm::Pages lazy_max_pages{8192};  // 32 MiB of addresses, for one CPU

// How often something could not be mapped, by what was missing.
struct VmallocShortages {
    uint32_t window;  // no gap is large enough, even after a purge
    uint32_t areas;   // no memory for a longer table of areas
    uint32_t frames;
    uint32_t tables;  // no memory for a page table
};

template <class Mapper>
class Vmalloc final {
    static_assert(is_page_mapper<Mapper>(0));

public:
    Vmalloc(Mapper& mapper, Zonelist& zones, const VmAreas& areas) : mapper_{mapper}, zones_{zones}, areas_{areas} {}

    // `bytes` rounded up to whole pages, page aligned, content undefined. Nothing if addresses, frames or page
    // tables run out; whatever was taken is given back.
    [[gnu::noinline]] Maybe<mm::VirtAddr> allocate(uint32_t bytes);

    // Assumes an address that allocate() returned. The frames are free at once.
    void free(mm::VirtAddr start);

    // Maps `pages` of device memory from frame `first` on, uncached. Nothing if addresses or page tables run out.
    Maybe<mm::VirtAddr> map_device(mm::Pfn first, mm::Pages pages, const void* caller);
    void unmap_device(mm::VirtAddr start);

    // One global flush, after which the addresses of all freed areas can be used again.
    void purge();

    const VmAreas& areas() const { return areas_; }
    uint32_t purges() const { return purges_; }
    const VmallocShortages& shortages() const { return shortages_; }

private:
    Maybe<mm::VirtAddr> reserve(const VmArea& wanted);
    bool populate(mm::VirtAddr start, mm::Pages pages);
    VmArea retire(mm::VirtAddr start, AreaUse use);
    void purge_if_many();

    Mapper& mapper_;
    Zonelist& zones_;
    VmAreas areas_;
    VmallocShortages shortages_{};
    uint32_t purges_ = 0;
};

}  // namespace guest

#include "guest-kernel/mm/vmalloc_impl.hpp"
