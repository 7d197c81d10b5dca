// SPDX-License-Identifier: LGPL-2.1-or-later
// Small and large kernel objects from lowmem, reached by the direct map: no page table is ever written.
//
//   up to 2048 bytes   an object of a slab cache for the next power of two ("size-32" to "size-2048", as Linux' mm/slab.c)
//   above              a block of 2^order frames
//
// Owns no memory but what it takes from the zones.
#pragma once

#include "guest-kernel/mm/slab.hpp"

namespace guest {

inline constexpr unsigned smallest_object_shift = 5;  // 32 bytes
inline constexpr unsigned largest_object_shift = 11;  // 2048 bytes
inline constexpr unsigned size_classes = largest_object_shift - smallest_object_shift + 1;

class Kmalloc final {
public:
    // direct_map: where frame 0 is in the direct map (in a host test, frame 0 of an arena).
    Kmalloc(Zonelist& zones, void* direct_map);

    // At least `bytes` (1 to 4 MiB), aligned to the next power of two up to a page. Null if lowmem is short: the
    // request must not name HIGHMEM as its best zone.
    [[nodiscard]] void* allocate(uint32_t bytes, Request request = gfp_kernel);

    // Null, or what allocate() returned and nobody freed yet; or an object of any of the slabs' caches.
    void free(void* object);

    // How many bytes really stand behind the object (Linux: ksize).
    uint32_t usable_size(const void* object) const;

    // Gives back the empty slab that each cache keeps: for those who count free pages.
    void shrink();

    // The caches, for those who want objects of exactly their size.
    Slabs& slabs() { return slabs_; }
    const Slabs& slabs() const { return slabs_; }

    mm::Pages slab_pages() const { return slabs_.pages(); }
    bool check() const { return slabs_.check(); }

private:
    mm::Pfn frame_of(const void* p) const;

    Zonelist& zones_;
    char* direct_map_;
    Slabs slabs_;
};

}  // namespace guest
