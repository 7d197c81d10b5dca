// SPDX-License-Identifier: LGPL-2.1-or-later
// A zone: a range of frames of one node that the kernel can use in the same way, with its own buddy allocator and
// watermarks. Each node has a zone of each type; those for which it has no frames are empty.
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

// Frames of the zone in all nodes when RAM ends at `ram_end`, holes included. Empty is [x, x).
constexpr FrameRange zone_range(ZoneType z, const mm::Layout& layout, mm::Pfn ram_end) {
    const mm::Pfn low_end = mm::lowmem_end(layout, ram_end);
    const mm::Pfn dma_end = low_end < mm::dma_zone_end ? low_end : mm::dma_zone_end;
    if (z == ZoneType::dma) return {mm::Pfn{0}, dma_end};
    if (z == ZoneType::normal) return {dma_end, low_end};
    return {low_end, ram_end};
}

// The same for one node.
constexpr FrameRange zone_range(ZoneType z, const mm::Layout& layout, mm::Pfn ram_end, FrameRange node) {
    const FrameRange all = zone_range(z, layout, ram_end);
    const mm::Pfn start = all.start < node.start ? node.start : all.start;
    const mm::Pfn end = all.end < node.end ? all.end : node.end;
    return {start < end ? start : end, end};
}

class Zone final {
public:
    Zone() = default;  // empty
    Zone(ZoneType type, unsigned node, FrameRange range, mm::Pages present, const FrameTable& frames)
        : type_{type}, node_{static_cast<uint8_t>(node)}, range_{range}, present_{present},
          buddy_{frames, range.start, range.end} {}

    ZoneType type() const { return type_; }
    unsigned node() const { return node_; }
    mm::Pfn start() const { return range_.start; }
    mm::Pfn end() const { return range_.end; }               // exclusive
    mm::Pages spanned() const { return range_.size(); }      // holes included
    mm::Pages present() const { return present_; }           // RAM; the kernel's own image counts, holes do not

    Buddy& buddy() { return buddy_; }
    const Buddy& buddy() const { return buddy_; }

    Watermarks watermarks{};
    mm::Pages reserve[zone_count]{};  // [z]: kept from requests whose best zone is z (Linux: lowmem_reserve)

    // May a request for 2^order frames, whose best zone is `best`, be served down to `mark` free pages?
    // Linux' zone_watermark_ok. The numbers are pages, below 2^24, but for `never`.
    bool above(mm::Pages mark, unsigned order, ZoneType best) const {
        const auto free = static_cast<int32_t>(buddy_.free_pages().raw) - static_cast<int32_t>(block_pages(order).raw);
        if (free < static_cast<int32_t>(mark.raw + reserve[index_of(best)].raw)) return false;
        return order == 0 || has_larger_blocks(mark, order, free);
    }
    static constexpr mm::Pages never{0x40000000};  // a mark that no zone reaches

private:
    bool has_larger_blocks(mm::Pages mark, unsigned order, int32_t free) const;

    ZoneType type_ = ZoneType::dma;
    uint8_t node_ = 0;
    FrameRange range_{};
    mm::Pages present_{};
    Buddy buddy_;
};

}  // namespace guest
