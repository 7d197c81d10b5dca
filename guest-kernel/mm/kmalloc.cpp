// SPDX-License-Identifier: LGPL-2.1-or-later
// Kernel objects from lowmem: slabs of one frame, and whole blocks.
#include "guest-kernel/mm/kmalloc.hpp"

namespace guest {

using mm::Pages;
using mm::Pfn;

namespace {

constexpr uint32_t object_size(unsigned size_class) { return uint32_t{1} << (size_class + smallest_object_shift); }
constexpr uint32_t objects_per_slab(unsigned size_class) { return mm::page_size / object_size(size_class); }

unsigned class_for(uint32_t bytes) {
    unsigned size_class = 0;
    while (object_size(size_class) < bytes) ++size_class;
    return size_class;
}

unsigned order_for(uint32_t bytes) {
    unsigned order = 0;
    while (order < max_order && mm::bytes(block_pages(order)) < bytes) ++order;
    return order;
}

// A free object's first word: the offset of the next free one, page_size at the end.
uint32_t& link(char* slab, uint32_t offset) { return *reinterpret_cast<uint32_t*>(slab + offset); }

}  // namespace

Pfn Kmalloc::frame_of(const void* p) const {
    const auto offset = static_cast<size_t>(static_cast<const char*>(p) - direct_map_);
    return Pfn{static_cast<uint32_t>(offset >> mm::page_shift)};
}

void* Kmalloc::allocate(uint32_t bytes, Request request) {
    require(request.best != ZoneType::highmem, "kmalloc: a highmem frame has no kernel address");
    if (bytes == 0) return nullptr;
    if (bytes <= object_size(size_classes - 1)) return from_slab(class_for(bytes), request);
    const Allocation block = zones_.allocate(request, order_for(bytes));
    return block ? start_of(block.first) : nullptr;
}

void* Kmalloc::from_slab(unsigned size_class, Request request) {
    // Slabs serve any request that they satisfy; one that must be DMA memory gets a slab frame of its own zone.
    const bool dma = request.best == ZoneType::dma;
    PageList& list = dma ? dma_with_room_[size_class] : with_room_[size_class];
    if (list.empty() && !grow(size_class, request)) return nullptr;
    const Pfn frame{list.head()};
    Page& page = zones_.frames()[frame];
    char* slab = start_of(frame);
    char* object = slab + page.slab_free;
    page.slab_free = link(slab, page.slab_free);
    if (++page.slab_used == objects_per_slab(size_class)) list.remove(zones_.frames(), frame);
    return object;
}

bool Kmalloc::grow(unsigned size_class, Request request) {
    const Allocation block = zones_.allocate(request, 0);
    if (!block) return false;
    Page& page = zones_.frames()[block.first];
    page.state = PageState::slab;
    page.size_class = static_cast<uint8_t>(size_class);
    page.owner = request.best == ZoneType::dma;
    page.slab_free = 0;
    page.slab_used = 0;
    char* slab = start_of(block.first);
    for (uint32_t at = 0; at < mm::page_size; at += object_size(size_class)) link(slab, at) = at + object_size(size_class);
    list_of(page).push(zones_.frames(), block.first);
    slab_pages_ += Pages{1};
    return true;
}

void Kmalloc::free(void* object) {
    if (object == nullptr) return;
    const Pfn frame = frame_of(object);
    Page& page = zones_.frames()[frame];
    if (page.state != PageState::slab) {
        require(object == start_of(frame) && page.state == PageState::used, "kfree: not the start of an object");
        zones_.free(frame, page.order);
        return;
    }
    char* slab = start_of(frame);
    const auto offset = static_cast<uint32_t>(static_cast<char*>(object) - slab);
    require(offset % object_size(page.size_class) == 0 && page.slab_used > 0, "kfree: not the start of an object");
    link(slab, offset) = page.slab_free;
    page.slab_free = offset;
    if (page.slab_used-- == objects_per_slab(page.size_class)) list_of(page).push(zones_.frames(), frame);
    if (page.slab_used == 0) give_back(frame);
}

// An empty slab goes back at once unless it is the last one of its class with room: that one stops the next request
// from building a slab again.
void Kmalloc::give_back(Pfn frame) {
    Page& page = zones_.frames()[frame];
    PageList& list = list_of(page);
    if (list.size() == 1) return;
    list.remove(zones_.frames(), frame);
    page.state = PageState::used;
    slab_pages_ -= Pages{1};
    zones_.free(frame, 0);
}

uint32_t Kmalloc::usable_size(const void* object) const {
    const Page& page = zones_.frames()[frame_of(object)];
    if (page.state == PageState::slab) return object_size(page.size_class);
    return static_cast<uint32_t>(mm::bytes(block_pages(page.order)));
}

bool Kmalloc::check_list(const PageList& list, unsigned size_class) const {
    uint32_t slabs = 0;
    for (uint32_t at = list.head(); at != no_frame; at = zones_.frames()[Pfn{at}].next) {
        const Page& page = zones_.frames()[Pfn{at}];
        if (++slabs > list.size() || page.state != PageState::slab || page.size_class != size_class) return false;
        uint32_t free = 0;
        for (uint32_t offset = page.slab_free; offset != mm::page_size; offset = link(start_of(Pfn{at}), offset))
            if (offset % object_size(size_class) != 0 || offset > mm::page_size || ++free > objects_per_slab(size_class))
                return false;
        if (free == 0 || free + page.slab_used != objects_per_slab(size_class)) return false;
    }
    return slabs == list.size();
}

bool Kmalloc::check() const {
    for (unsigned size_class = 0; size_class < size_classes; ++size_class)
        if (!check_list(with_room_[size_class], size_class) || !check_list(dma_with_room_[size_class], size_class))
            return false;
    return true;
}

}  // namespace guest
