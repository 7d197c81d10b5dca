// SPDX-License-Identifier: LGPL-2.1-or-later
// Replaces frames beyond the device's reach, and copies between them and their replacements.
#include "guest-kernel/kernel/io/bounce.hpp"

#include "guest-kernel/kernel/memory.hpp"

namespace guest {
namespace {

BounceCounters counters{};

// The page behind the request's target, which the direct map reaches, and the frame that it stands for.
void copy(mm::Pfn bounce, mm::Pfn frame, Direction direction) {
    auto* const low = lowmem_pointer<char>(mm::address(bounce));
    const mm::VirtAddr at = kmap_atomic().map(frame, KmapType::bounce_read);
    auto* const page = reinterpret_cast<char*>(at.raw);
    if (direction == Direction::read) __builtin_memcpy(page, low, mm::page_size);
    else __builtin_memcpy(low, page, mm::page_size);
    if (frame >= direct_map_end) ++counters.kmaps;
    kmap_atomic().unmap(at, KmapType::bounce_read);
}

void release(BlockRequest& r, uint32_t pages) {
    for (uint32_t i = 0; i < pages; ++i)
        if (r.targets[i] != r.frames[i]) zones().free(r.targets[i], 0);
}

bool bounce_page(mm::Pfn& out, mm::Pfn reach) {
    const Allocation page = zones().allocate(reach < pci_reach ? gfp_dma : gfp_atomic, 0);
    if (!page) return false;
    out = page.first;
    ++(zones().zone_of(out).type() == ZoneType::dma ? counters.dma : counters.normal);
    return true;
}

}  // namespace

bool begin_bounce(BlockRequest& r, mm::Pfn reach) {
    for (uint32_t i = 0; i < r.pages; ++i) {
        r.targets[i] = r.frames[i];
        if (r.frames[i] < reach) continue;
        if (!bounce_page(r.targets[i], reach)) return release(r, i), false;
        if (r.direction == Direction::write) copy(r.targets[i], r.frames[i], r.direction);
    }
    return true;
}

void end_bounce(BlockRequest& r, bool good) {
    for (uint32_t i = 0; i < r.pages; ++i)
        if (good && r.direction == Direction::read && r.targets[i] != r.frames[i]) copy(r.targets[i], r.frames[i], r.direction);
    release(r, r.pages);
}

const BounceCounters& bounce_counters() { return counters; }

}  // namespace guest
