// SPDX-License-Identifier: LGPL-2.1-or-later
// Small and large kernel objects from lowmem, reached by the direct map: no page table is ever written.
//
//   up to 2048 bytes   a slab: one frame cut into objects of one power of two, its free list inside the free objects
//   above              a block of 2^order frames
//
// What a frame is used for stands in its struct page. Owns no memory but what it takes from the zones.
#pragma once

#include "guest-kernel/mm/page_list.hpp"
#include "guest-kernel/mm/zonelist.hpp"

namespace guest {

inline constexpr unsigned smallest_object_shift = 5;  // 32 bytes
inline constexpr unsigned largest_object_shift = 11;  // 2048 bytes
inline constexpr unsigned size_classes = largest_object_shift - smallest_object_shift + 1;

class Kmalloc final {
public:
    // direct_map: where frame 0 is in the direct map (in a host test, frame 0 of an arena).
    Kmalloc(Zonelist& zones, void* direct_map) : zones_{zones}, direct_map_{static_cast<char*>(direct_map)} {}

    // At least `bytes` (1 to 4 MiB), aligned to the next power of two up to a page. Null if lowmem is short: the
    // request must not name HIGHMEM as its best zone.
    [[nodiscard]] void* allocate(uint32_t bytes, Request request = gfp_kernel);

    // Null, or what allocate() returned and nobody freed yet.
    void free(void* object);

    // How many bytes really stand behind the object (Linux: ksize).
    uint32_t usable_size(const void* object) const;

    mm::Pages slab_pages() const { return slab_pages_; }
    bool check() const;  // every slab with room: counts and free list agree

private:
    void* from_slab(unsigned size_class, Request request);
    bool grow(unsigned size_class, Request request);
    void give_back(mm::Pfn empty_slab);
    bool check_list(const PageList& list, unsigned size_class) const;
    PageList& list_of(const Page& slab) { return (slab.owner != 0 ? dma_with_room_ : with_room_)[slab.size_class]; }
    char* start_of(mm::Pfn f) const { return direct_map_ + static_cast<size_t>(address(f).raw); }
    mm::Pfn frame_of(const void* p) const;

    Zonelist& zones_;
    char* direct_map_;
    mm::Pages slab_pages_{};
    PageList with_room_[size_classes];      // slabs with at least one free object
    PageList dma_with_room_[size_classes];  // the same for requests that must be DMA memory (owner != 0)
};

}  // namespace guest
