// SPDX-License-Identifier: LGPL-2.1-or-later
// The three zones of one memory node, and which of them serves a request: the best zone first, then each one below it.
//
//   highmem request:  HIGHMEM -> NORMAL -> DMA      user pages, vmalloc
//   kernel request:              NORMAL -> DMA      everything that the kernel reaches by the direct map
//   dma request:                           DMA
#pragma once

#include "guest-kernel/mm/zone.hpp"

namespace guest {

// How deep a request may dig. ordinary stops at the min watermark, atomic (cannot wait: Linux' __GFP_HIGH and
// ALLOC_HARDER) at 3/8 of it, emergency (frees more than it takes: PF_MEMALLOC) at the last page.
enum class Urgency : uint8_t { ordinary, atomic, emergency };

struct Request {
    ZoneType best;
    Urgency urgency = Urgency::ordinary;
};
inline constexpr Request gfp_dma{ZoneType::dma};
inline constexpr Request gfp_kernel{ZoneType::normal};
inline constexpr Request gfp_atomic{ZoneType::normal, Urgency::atomic};
inline constexpr Request gfp_highuser{ZoneType::highmem};

enum class Shortage : uint8_t {
    none,
    watermark,   // there are free pages, but the zones keep them back
    fragmented,  // enough pages are free, no block is large enough
    exhausted,   // fewer pages are free than asked for
    too_large,   // order >= max_order
};
const char* describe(Shortage s);

// A block of 2^order frames, or why there is none.
struct [[nodiscard]] Allocation {
    mm::Pfn first{};
    Shortage why = Shortage::exhausted;
    constexpr explicit operator bool() const { return why == Shortage::none; }
};

class Zonelist final {
public:
    // `ram`: every usable frame, as the boot loader said, the kernel's image included. Zones hold no free frame yet.
    Zonelist(const mm::Layout& layout, const FrameRanges& ram, const FrameTable& frames);

    // Boot: hands the frames that boot did not use to their zones.
    void add(const FrameRanges& unused);

    Allocation allocate(Request request, unsigned order);
    void free(mm::Pfn first, unsigned order);

    // Single frames may have several users (a page mapped twice): the last release frees it.
    void share(mm::Pfn frame);
    void release(mm::Pfn frame);

    Zone& zone(ZoneType z) { return zones_[index_of(z)]; }
    const Zone& zone(ZoneType z) const { return zones_[index_of(z)]; }
    const Zone& zone_of(mm::Pfn frame) const;
    const FrameTable& frames() const { return frames_; }
    mm::Pages free_pages() const;
    uint32_t fallbacks() const { return fallbacks_; }  // allocations that a zone below the best one served

    // Every zone's buddy allocator is sound, and zones neither overlap nor leave a gap.
    bool check() const;

private:
    void set_watermarks();
    void leave_out_empty_zones();
    Maybe<mm::Pfn> take(Request request, unsigned order, mm::Pages Watermarks::*mark);
    Maybe<mm::Pfn> take_from(Zone& zone, Request request, unsigned order);
    Shortage explain(Request request, unsigned order) const;

    FrameTable frames_;
    Zone zones_[zone_count];
    unsigned top_[zone_count]{};  // [z]: the first zone tried for requests whose best zone is z
    uint32_t fallbacks_ = 0;
};

}  // namespace guest
