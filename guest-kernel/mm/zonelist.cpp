// SPDX-License-Identifier: LGPL-2.1-or-later
// Which zone serves a request, and why none does.
#include "guest-kernel/mm/zonelist.hpp"

namespace guest {

using mm::Pages;
using mm::Pfn;

const char* describe(Shortage s) {
    constexpr const char* texts[] = {"no shortage", "free pages are below the watermark", "no free block is large enough",
                                     "too few free pages", "the order is too large"};
    return texts[static_cast<unsigned>(s)];
}

namespace {

Zone make_zone(ZoneType z, const mm::Layout& layout, const FrameRanges& ram, const FrameTable& frames) {
    const FrameRange range = zone_range(z, layout, frames.end());
    return Zone{z, range, ram.pages_within(range), frames};
}

}  // namespace

Zonelist::Zonelist(const mm::Layout& layout, const FrameRanges& ram, const FrameTable& frames)
    : frames_{frames},
      zones_{make_zone(ZoneType::dma, layout, ram, frames), make_zone(ZoneType::normal, layout, ram, frames),
             make_zone(ZoneType::highmem, layout, ram, frames)} {
    set_watermarks();
    leave_out_empty_zones();
}

// As Linux' build_zonelists: a split without HIGHMEM must not pay for looking into it at each allocation.
void Zonelist::leave_out_empty_zones() {
    for (unsigned best = 1; best < zone_count; ++best) top_[best] = zones_[best].present().raw != 0 ? best : top_[best - 1];
}

void Zonelist::set_watermarks() {
    const Pages lowmem = zone(ZoneType::dma).present() + zone(ZoneType::normal).present();
    for (ZoneType z : all_zones)
        zone(z).watermarks = z == ZoneType::highmem ? highmem_watermarks(zone(z).present(), lowmem)
                                                    : lowmem_watermarks(zone(z).present(), lowmem);
    for (unsigned lower = 0; lower < zone_count; ++lower) {
        Pages above{};
        for (unsigned best = lower + 1; best < zone_count; ++best) {
            above += zones_[best].present();
            zones_[lower].reserve[best] = Pages{above.raw / lowmem_reserve_ratio[lower]};
        }
    }
}

void Zonelist::add(const FrameRanges& unused) {
    for (unsigned index = unused.size(); index-- > 0;)
        for (Zone& zone : zones_) {
            const FrameRange range = unused[index];
            const Pfn start = range.start < zone.start() ? zone.start() : range.start;
            const Pfn end = range.end < zone.end() ? range.end : zone.end();
            if (start < end) zone.buddy().add(start, end);
        }
}

Maybe<Pfn> Zonelist::take_from(Zone& zone, Request request, unsigned order) {
    const Maybe<Pfn> block = zone.buddy().take(order);
    if (block && zone.type() != request.best) ++fallbacks_;
    return block;
}

// One pass over the zonelist. An atomic request may go to half of the mark, and to three quarters of that.
Maybe<Pfn> Zonelist::take(Request request, unsigned order, Pages Watermarks::*mark) {
    for (unsigned index = top_[index_of(request.best)] + 1; index-- > 0;) {
        Zone& zone = zones_[index];
        Pages limit = zone.watermarks.*mark;
        if (request.urgency != Urgency::ordinary) {
            limit -= Pages{limit.raw / 2};
            limit -= Pages{limit.raw / 4};
        }
        if (!zone.above(limit, order, request.best)) continue;
        const Maybe<Pfn> block = take_from(zone, request, order);
        if (block) return block;
    }
    return {};
}

// Linux' __alloc_pages without reclaim: down to `low` in every zone, then down to `min`, then (emergency) to nothing.
Allocation Zonelist::allocate(Request request, unsigned order) {
    if (order >= max_order) return {{}, Shortage::too_large};
    Maybe<Pfn> block = take({request.best}, order, &Watermarks::low);
    if (!block) block = take(request, order, &Watermarks::min);
    if (!block && request.urgency == Urgency::emergency)
        for (unsigned index = top_[index_of(request.best)] + 1; index-- > 0 && !block;)
            block = take_from(zones_[index], request, order);
    if (!block) return {{}, explain(request, order)};
    return {*block, Shortage::none};
}

Shortage Zonelist::explain(Request request, unsigned order) const {
    Shortage worst = Shortage::exhausted;
    for (unsigned index = 0; index <= index_of(request.best); ++index) {
        const Buddy& buddy = zones_[index].buddy();
        for (unsigned larger = order; larger < max_order; ++larger)
            if (buddy.free_blocks(larger) != 0) return Shortage::watermark;
        if (buddy.free_pages() >= block_pages(order)) worst = Shortage::fragmented;
    }
    return worst;
}

const Zone& Zonelist::zone_of(Pfn frame) const {
    for (const Zone& zone : zones_)
        if (zone.contains(frame)) return zone;
    panic("the frame is in no zone");
}

void Zonelist::free(Pfn first, unsigned order) { zones_[index_of(zone_of(first).type())].buddy().give(first, order); }

void Zonelist::share(Pfn frame) {
    require(frames_[frame].state == PageState::used, "share of a frame that nobody has");
    ++frames_[frame].users;
}

void Zonelist::release(Pfn frame) {
    Page& page = frames_[frame];
    require(page.state == PageState::used && page.users > 0, "release of a frame that nobody has");
    if (--page.users == 0) free(frame, page.order);
}

Pages Zonelist::free_pages() const {
    Pages sum{};
    for (const Zone& zone : zones_) sum += zone.buddy().free_pages();
    return sum;
}

bool Zonelist::check() const {
    Pfn expected{0};
    for (const Zone& zone : zones_) {
        if (zone.start() != expected || zone.end() < zone.start() || zone.present() > zone.spanned()) return false;
        if (zone.buddy().free_pages() > zone.present() || !zone.buddy().check()) return false;
        expected = zone.end();
    }
    return expected == frames_.end();
}

}  // namespace guest
