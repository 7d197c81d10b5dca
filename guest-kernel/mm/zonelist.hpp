// SPDX-License-Identifier: LGPL-2.1-or-later
// The zones of all memory nodes, and which of them serves a request: the best zone type first, then each one below it;
// of one type the node asked for first, then the others (Linux' zone order, which 32-bit kernels chose).
//
//   highmem request:  HIGHMEM of all nodes -> NORMAL of all nodes -> DMA      user pages, vmalloc
//   kernel request:                           NORMAL of all nodes -> DMA      what the kernel reaches by the direct map
//   dma request:                                                     DMA
#pragma once

#include "guest-kernel/mm/node_map.hpp"
#include "guest-kernel/mm/request.hpp"

namespace guest {

inline constexpr unsigned max_zones = max_nodes * zone_count;

// Pointers to zones, for a range-based for.
struct ZonePointers {
    Zone* const* first;
    Zone* const* last;
    Zone* const* begin() const { return first; }
    Zone* const* end() const { return last; }
};

class Zonelist final {
public:
    // `ram`: every usable frame, as the boot loader said, the kernel's image included; frames that are in no node are
    // never used. Zones hold no free frame yet.
    Zonelist(const mm::Layout& layout, const FrameRanges& ram, const FrameTable& frames, const NodeMap& nodes);
    Zonelist(const mm::Layout& layout, const FrameRanges& ram, const FrameTable& frames)
        : Zonelist{layout, ram, frames, one_node(frames.end())} {}
    Zonelist(const Zonelist&) = delete;
    Zonelist& operator=(const Zonelist&) = delete;

    // Boot: hands the frames that boot did not use to their zones.
    void add(const FrameRanges& unused);

    Allocation allocate(Request request, unsigned order);
    void free(mm::Pfn first, unsigned order);

    // Single frames may have several users (a page mapped twice): the last release frees it.
    void share(mm::Pfn frame);
    void release(mm::Pfn frame);

    unsigned nodes() const { return node_count_; }
    Zone& zone(ZoneType z, unsigned node = 0) { return zones_[node][index_of(z)]; }
    const Zone& zone(ZoneType z, unsigned node = 0) const { return zones_[node][index_of(z)]; }
    ZonePointers populated() const { return {by_frame_, by_frame_ + populated_}; }  // those with frames, the lowest first
    const Zone& zone_of(mm::Pfn frame) const { return find(frame); }
    const FrameTable& frames() const { return frames_; }
    mm::Pfn lowmem_end() const { return lowmem_end_; }  // where HIGHMEM begins, whatever frames nodes leave out
    mm::Pages free_pages() const;
    mm::Pages free_pages(ZoneType z) const;  // of all nodes
    mm::Pages present(ZoneType z) const;     // of all nodes
    uint32_t fallbacks() const { return fallbacks_; }  // allocations that a zone below the best one served
    uint32_t refusals(unsigned order) const { return refusals_[order]; }  // requests that failed, injected ones apart

    // Fault injection, as Linux' fail_page_alloc: lets the n-th allocation from now fail, once (1: the next). Until
    // stop_failing() every request is served down to `min`, for it is the slow path that counts; otherwise it costs nothing.
    void fail_allocation(uint32_t n);
    bool stop_failing();  // whether one failed; sets the watermarks as they were at boot

    // Asked when an ordinary request would take a zone below its low watermark: frees some pages that the kernel can do
    // without, false if there are none. Null, as at first: nobody is asked.
    using Reclaim = bool (*)(Request);
    void set_reclaim(Reclaim reclaim) { reclaim_ = reclaim; }

    // Every zone's buddy allocator is sound, and zones neither overlap nor are out of order.
    bool check() const;

private:
    void make_zones(const mm::Layout& layout, const FrameRanges& ram, const NodeMap& nodes);
    void set_watermarks();
    void set_reserves(unsigned node);
    void set_fallback(unsigned node, ZoneType best);
    Zone& find(mm::Pfn frame) const;
    Zone* const* list_for(Request request) const { return fallback_[request.node][index_of(request.best)]; }
    Maybe<mm::Pfn> take_from(Zone& zone, Request request, unsigned order);
    Allocation allocate_slowly(Request request, unsigned order);
    Maybe<mm::Pfn> take_down_to(mm::Pages Watermarks::*mark, Request request, unsigned order);
    bool may_reclaim(Request request) const { return reclaim_ && request.urgency == Urgency::ordinary && !injecting_; }
    Shortage explain(Request request, unsigned order) const;

    FrameTable frames_;
    mm::Pfn lowmem_end_;
    unsigned node_count_ = 0, populated_ = 0;
    uint32_t fallbacks_ = 0;
    uint32_t refusals_[max_order] = {};
    uint32_t fail_in_ = 0;    // allocations until the one that is to fail; 0: none is
    bool injecting_ = false;
    Zone* fallback_[max_nodes][zone_count][max_zones + 1] = {};  // in the order to try; null ends each
    Zone* by_frame_[max_zones] = {};
    Reclaim reclaim_ = nullptr;
    Zone zones_[max_nodes][zone_count];
};

}  // namespace guest
