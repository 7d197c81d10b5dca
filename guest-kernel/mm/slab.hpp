// SPDX-License-Identifier: LGPL-2.1-or-later
// Caches of objects of one size, from lowmem and reached by the direct map: no page table is ever written.
//
//   slab: a block of 2^order frames  | object | object | free ---> object | free ---> ... | rest |
//
// A slab's order is the smallest that wastes a sixteenth at most, or largest_slab_order; where no such block is free, the
// smallest that holds an object does (Linux: SLUB's calculate_order and oo_min). The free list runs through the free objects,
// and what a slab is used for stands in its struct page. Source: Linux 2.6 mm/slab.c (kmem_cache_create, /proc/slabinfo), mm/slub.c.
#pragma once

#include "guest-kernel/mm/page_list.hpp"
#include "guest-kernel/mm/zonelist.hpp"

namespace guest {

inline constexpr unsigned max_caches = 32, largest_slab_order = 3;

struct SlabCache {
    const char* name;
    uint32_t object_bytes;
    uint8_t order, smallest_order;  // of its slabs
    ZoneType zone;                  // where they must be: dma, or normal for anywhere in lowmem
    uint32_t slabs = 0, objects = 0, in_use = 0;
    uint32_t fallbacks = 0;         // slabs of smallest_order because no block of `order` was free
    PageList with_room{};           // slabs with at least one free object
};

struct CacheId { uint8_t index; };

class Slabs final {
public:
    // direct_map: where frame 0 is in the direct map (in a host test, frame 0 of an arena).
    Slabs(Zonelist& zones, void* direct_map) : zones_{zones}, direct_map_{static_cast<char*>(direct_map)} {}

    // A cache for objects of `bytes`, aligned to 8. Nothing if there are too many caches or the object is larger than the
    // largest slab. The name must stay.
    Maybe<CacheId> create(const char* name, uint32_t bytes, ZoneType zone = ZoneType::normal);

    // Null if lowmem is short. Of the request the urgency counts; where slabs must be, the cache knows.
    [[nodiscard]] void* allocate(CacheId cache, Request request = gfp_kernel);

    // Assumes an object of a slab that allocate() returned and nobody freed yet. The last empty slab of a cache stays: it
    // stops the next request from building one again.
    void free(void* object);

    void shrink(CacheId cache);  // gives the empty slab back too

    // The slab that the frame belongs to; nothing if it belongs to none.
    Maybe<mm::Pfn> slab_of(mm::Pfn frame) const;
    uint32_t object_bytes(mm::Pfn slab) const { return caches_[zones_.frames()[slab].size_class].object_bytes; }

    unsigned size() const { return count_; }
    const SlabCache& operator[](unsigned index) const { return caches_[index]; }
    mm::Pages pages() const { return pages_; }  // of all slabs
    bool check() const;                         // every slab with room: counts and free list agree

private:
    bool grow(SlabCache& cache, uint8_t index, Request request);
    void give_back(SlabCache& cache, mm::Pfn empty_slab);
    bool check_slab(const SlabCache& cache, mm::Pfn slab) const;
    char* start_of(mm::Pfn f) const { return direct_map_ + static_cast<size_t>(address(f).raw); }

    Zonelist& zones_;
    char* direct_map_;
    SlabCache caches_[max_caches]{};
    unsigned count_ = 0;
    mm::Pages pages_{};
};

}  // namespace guest
