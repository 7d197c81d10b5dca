// SPDX-License-Identifier: LGPL-2.1-or-later
// Slabs: building them, cutting them up, giving them back.
#include "guest-kernel/mm/slab.hpp"

namespace guest {

using mm::Pages;
using mm::Pfn;

namespace {

constexpr uint32_t alignment = 8;
constexpr uint32_t waste_limit = 16;          // at most this part of a slab
constexpr uint32_t no_object = 0xFFFFFFFF;    // ends a free list

constexpr uint32_t slab_bytes(unsigned order) { return static_cast<uint32_t>(mm::bytes(block_pages(order))); }
constexpr uint32_t objects_in(unsigned order, uint32_t object) { return slab_bytes(order) / object; }

// The smallest order that holds an object.
unsigned smallest_order_for(uint32_t object) {
    unsigned order = 0;
    while (slab_bytes(order) < object) ++order;
    return order;
}

// The smallest one that wastes little.
unsigned order_for(uint32_t object) {
    unsigned order = smallest_order_for(object);
    while (order < largest_slab_order && slab_bytes(order) % object > slab_bytes(order) / waste_limit) ++order;
    return order;
}

// A free object's first word: the offset of the next free one.
uint32_t& link(char* slab, uint32_t offset) { return *reinterpret_cast<uint32_t*>(slab + offset); }

}  // namespace

Maybe<CacheId> Slabs::create(const char* name, uint32_t bytes, ZoneType zone) {
    const auto object = static_cast<uint32_t>(mm::align_up(bytes, alignment));
    if (count_ == max_caches || bytes == 0 || bytes > slab_bytes(largest_slab_order)) return {};
    SlabCache& cache = caches_[count_];
    cache.name = name;
    cache.object_bytes = object;
    cache.order = static_cast<uint8_t>(order_for(object));
    cache.smallest_order = static_cast<uint8_t>(smallest_order_for(object));
    cache.zone = zone;
    return CacheId{static_cast<uint8_t>(count_++)};
}

void* Slabs::allocate(CacheId id, Request request) {
    require(id.index < count_, "slab: no such cache");
    SlabCache& cache = caches_[id.index];
    if (cache.with_room.empty() && !grow(cache, id.index, request)) return nullptr;
    const Pfn slab{cache.with_room.head()};
    Page& page = zones_.frames()[slab];
    char* const object = start_of(slab) + page.slab_free;
    page.slab_free = link(start_of(slab), page.slab_free);
    ++page.slab_used;
    ++cache.in_use;
    if (page.slab_free == no_object) cache.with_room.remove(zones_.frames(), slab);
    return object;
}

bool Slabs::grow(SlabCache& cache, uint8_t index, Request request) {
    request.best = cache.zone;
    unsigned order = cache.order;
    Allocation block = zones_.allocate(request, order);
    if (!block && cache.smallest_order < order) {
        order = cache.smallest_order;
        block = zones_.allocate(request, order);
        if (block) ++cache.fallbacks;
    }
    if (!block) return false;
    Page& page = zones_.frames()[block.first];
    page.state = PageState::slab;
    page.size_class = index;
    page.slab_free = 0;
    page.slab_used = 0;
    char* const slab = start_of(block.first);
    const uint32_t count = objects_in(order, cache.object_bytes);
    for (uint32_t i = 0; i < count; ++i)
        link(slab, i * cache.object_bytes) = i + 1 < count ? (i + 1) * cache.object_bytes : no_object;
    cache.with_room.push(zones_.frames(), block.first);
    ++cache.slabs;
    cache.objects += count;
    pages_ += block_pages(order);
    return true;
}

// Only the first frame of a slab says so. A larger block begins at a multiple of its size.
Maybe<Pfn> Slabs::slab_of(Pfn frame) const {
    for (unsigned order = 0; order <= largest_slab_order; ++order) {
        const Pfn first{frame.raw & ~(block_pages(order).raw - 1)};
        const Page& page = zones_.frames()[first];
        if (page.state == PageState::slab && page.order >= order) return first;
    }
    return {};
}

void Slabs::free(void* object) {
    const auto at = static_cast<size_t>(static_cast<char*>(object) - direct_map_);  // unsigned: lowmem may exceed 2 GiB
    const Maybe<Pfn> slab = slab_of(mm::frame_of(mm::PhysAddr{at}));
    require(static_cast<bool>(slab), "slab: not an object of a slab");
    Page& page = zones_.frames()[*slab];
    SlabCache& cache = caches_[page.size_class];
    const auto offset = static_cast<uint32_t>(at - address(*slab).raw);
    require(offset % cache.object_bytes == 0 && page.slab_used > 0, "slab: not the start of an object");
    if (page.slab_free == no_object) cache.with_room.push(zones_.frames(), *slab);
    link(start_of(*slab), offset) = page.slab_free;
    page.slab_free = offset;
    --page.slab_used;
    --cache.in_use;
    if (page.slab_used == 0 && cache.with_room.size() > 1) give_back(cache, *slab);
}

void Slabs::give_back(SlabCache& cache, Pfn slab) {
    Page& page = zones_.frames()[slab];
    cache.with_room.remove(zones_.frames(), slab);
    page.state = PageState::used;
    --cache.slabs;
    cache.objects -= objects_in(page.order, cache.object_bytes);
    pages_ -= block_pages(page.order);
    zones_.free(slab, page.order);
}

void Slabs::shrink(CacheId id) {
    SlabCache& cache = caches_[id.index];
    for (uint32_t at = cache.with_room.head(); at != no_frame;) {
        const Page& page = zones_.frames()[Pfn{at}];
        const uint32_t next = page.next;
        if (page.slab_used == 0) give_back(cache, Pfn{at});
        at = next;
    }
}

bool Slabs::check_slab(const SlabCache& cache, Pfn slab) const {
    const Page& page = zones_.frames()[slab];
    const uint32_t count = objects_in(page.order, cache.object_bytes);
    uint32_t free = 0;
    for (uint32_t offset = page.slab_free; offset != no_object; offset = link(start_of(slab), offset))
        if (offset % cache.object_bytes != 0 || offset / cache.object_bytes >= count || ++free > count) return false;
    return page.state == PageState::slab && free > 0 && free + page.slab_used == count;
}

bool Slabs::check() const {
    for (unsigned i = 0; i < count_; ++i) {
        const SlabCache& cache = caches_[i];
        uint32_t slabs = 0;
        for (uint32_t at = cache.with_room.head(); at != no_frame; at = zones_.frames()[Pfn{at}].next) {
            if (++slabs > cache.with_room.size() || zones_.frames()[Pfn{at}].size_class != i) return false;
            if (!check_slab(cache, Pfn{at})) return false;
        }
        if (slabs != cache.with_room.size() || cache.in_use > cache.objects) return false;
    }
    return true;
}

}  // namespace guest
