// SPDX-License-Identifier: LGPL-2.1-or-later
// A zone: a range of frames that the kernel can use in the same way, with its own buddy allocator and watermarks.
//
//   DMA      0 .. 16 MiB           24-bit bus masters reach it
//   NORMAL   16 MiB .. lowmem_end  always mapped: linear = physical + PAGE_OFFSET
//   HIGHMEM  lowmem_end .. RAM end only kmap, vmalloc and user mappings reach it; empty where lowmem holds all RAM
#pragma once

#include "guest-kernel/mm/buddy.hpp"
#include "guest-kernel/mm/frame_ranges.hpp"
#include "guest-kernel/mm/watermark.hpp"
#include "mm/layout.hpp"

namespace guest {

enum class ZoneType : uint8_t { dma, normal, highmem };
inline constexpr unsigned zone_count = 3;
inline constexpr ZoneType all_zones[] = {ZoneType::dma, ZoneType::normal, ZoneType::highmem};

constexpr unsigned index_of(ZoneType z) { return static_cast<unsigned>(z); }

// Linux' names, as in /proc/zoneinfo and in the boot log.
constexpr const char* name(ZoneType z) {
    constexpr const char* names[] = {"DMA", "Normal", "HighMem"};
    return names[index_of(z)];
}

// Frames of the zone when RAM ends at `ram_end`, holes included. Empty is [x, x).
constexpr FrameRange zone_range(ZoneType z, const mm::Layout& layout, mm::Pfn ram_end) {
    const mm::Pfn low_end = mm::lowmem_end(layout, ram_end);
    const mm::Pfn dma_end = low_end < mm::dma_zone_end ? low_end : mm::dma_zone_end;
    if (z == ZoneType::dma) return {mm::Pfn{0}, dma_end};
    if (z == ZoneType::normal) return {dma_end, low_end};
    return {low_end, ram_end};
}

class Zone final {
public:
    Zone(ZoneType type, FrameRange range, mm::Pages present, const FrameTable& frames)
        : type_{type}, range_{range}, present_{present}, buddy_{frames, range.start, range.end} {}

    ZoneType type() const { return type_; }
    mm::Pfn start() const { return range_.start; }
    mm::Pfn end() const { return range_.end; }               // exclusive
    mm::Pages spanned() const { return range_.size(); }      // holes included
    mm::Pages present() const { return present_; }           // RAM; the kernel's own image counts, holes do not
    bool contains(mm::Pfn f) const { return f >= range_.start && f < range_.end; }

    Buddy& buddy() { return buddy_; }
    const Buddy& buddy() const { return buddy_; }

    Watermarks watermarks{};
    mm::Pages reserve[zone_count]{};  // [z]: kept from requests whose best zone is z (Linux: lowmem_reserve)

    // May a request for 2^order frames, whose best zone is `best`, be served down to `mark` free pages?
    // Linux' zone_watermark_ok: of the larger orders, half as many pages must stay free at each step.
    bool above(mm::Pages mark, unsigned order, ZoneType best) const;

private:
    ZoneType type_;
    FrameRange range_;
    mm::Pages present_;
    Buddy buddy_;
};

}  // namespace guest
