// SPDX-License-Identifier: LGPL-2.1-or-later
// Kernel objects from lowmem: from a slab cache, or a whole block.
#include "guest-kernel/mm/kmalloc.hpp"

namespace guest {

using mm::Pfn;

namespace {

// The caches' places in the table of all caches: one per size class, then the same for DMA memory.
constexpr const char* names[] = {"size-32", "size-64", "size-128", "size-256", "size-512", "size-1024", "size-2048",
                                 "size-32(DMA)", "size-64(DMA)", "size-128(DMA)", "size-256(DMA)", "size-512(DMA)",
                                 "size-1024(DMA)", "size-2048(DMA)"};
static_assert(sizeof names / sizeof names[0] == 2 * size_classes && 2 * size_classes <= max_caches);

constexpr uint32_t object_size(unsigned size_class) { return uint32_t{1} << (size_class + smallest_object_shift); }

CacheId cache_for(uint32_t bytes, bool dma) {
    unsigned size_class = 0;
    while (object_size(size_class) < bytes) ++size_class;
    return {static_cast<uint8_t>(dma ? size_class + size_classes : size_class)};
}

unsigned order_for(uint32_t bytes) {
    unsigned order = 0;
    while (order < max_order && mm::bytes(block_pages(order)) < bytes) ++order;
    return order;
}

}  // namespace

Kmalloc::Kmalloc(Zonelist& zones, void* direct_map)
    : zones_{zones}, direct_map_{static_cast<char*>(direct_map)}, slabs_{zones, direct_map} {
    for (unsigned i = 0; i < 2 * size_classes; ++i) {
        const ZoneType zone = i < size_classes ? ZoneType::normal : ZoneType::dma;
        require(static_cast<bool>(slabs_.create(names[i], object_size(i % size_classes), zone)), "kmalloc: no room for its caches");
    }
}

Pfn Kmalloc::frame_of(const void* p) const {
    const auto offset = static_cast<size_t>(static_cast<const char*>(p) - direct_map_);
    return Pfn{static_cast<uint32_t>(offset >> mm::page_shift)};
}

void* Kmalloc::allocate(uint32_t bytes, Request request) {
    require(request.best != ZoneType::highmem, "kmalloc: a highmem frame has no kernel address");
    if (bytes == 0) return nullptr;
    if (bytes <= object_size(size_classes - 1)) return slabs_.allocate(cache_for(bytes, request.best == ZoneType::dma), request);
    const Allocation block = zones_.allocate(request, order_for(bytes));
    return block ? direct_map_ + static_cast<size_t>(address(block.first).raw) : nullptr;
}

void Kmalloc::free(void* object) {
    if (object == nullptr) return;
    const Pfn frame = frame_of(object);
    const Page& page = zones_.frames()[frame];
    if (page.state != PageState::used) return slabs_.free(object);
    require(static_cast<char*>(object) == direct_map_ + static_cast<size_t>(address(frame).raw), "kfree: not the start of an object");
    zones_.free(frame, page.order);
}

void Kmalloc::shrink() {
    for (unsigned i = 0; i < slabs_.size(); ++i) slabs_.shrink({static_cast<uint8_t>(i)});
}

uint32_t Kmalloc::usable_size(const void* object) const {
    const Pfn frame = frame_of(object);
    const Maybe<Pfn> slab = slabs_.slab_of(frame);
    if (slab) return slabs_.object_bytes(*slab);
    return static_cast<uint32_t>(mm::bytes(block_pages(zones_.frames()[frame].order)));
}

}  // namespace guest
