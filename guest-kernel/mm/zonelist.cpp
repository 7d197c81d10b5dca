// SPDX-License-Identifier: LGPL-2.1-or-later
// Which zone serves a request, and why none does.
#include "guest-kernel/mm/zonelist.hpp"

namespace guest {

using mm::Pages;
using mm::Pfn;

const char* describe(Shortage s) {
    constexpr const char* texts[] = {"no shortage", "free pages are below the watermark", "no free block is large enough",
                                     "too few free pages", "the order is too large", "a test let it fail"};
    return texts[static_cast<unsigned>(s)];
}

Maybe<Pfn> Zonelist::take_from(Zone& zone, Request request, unsigned order) {
    const Maybe<Pfn> block = zone.buddy().take(order);
    if (block && zone.type() != request.best) ++fallbacks_;
    return block;
}

// Linux' __alloc_pages: down to `low` in every zone, what reclaim can give, then down to `min`, then (emergency) to nothing.
Allocation Zonelist::allocate(Request request, unsigned order) {
    if (order >= max_order) return {{}, Shortage::too_large};
    require(request.node < node_count_, "a request names a node that does not exist");
    for (Zone* const* at = list_for(request); *at != nullptr; ++at) {
        if (!(*at)->above((*at)->watermarks.low, order, request.best)) continue;
        const Maybe<Pfn> block = take_from(**at, request, order);
        if (block) return {*block, Shortage::none};
    }
    return allocate_slowly(request, order);
}

Allocation Zonelist::allocate_slowly(Request request, unsigned order) {
    if (fail_in_ != 0 && --fail_in_ == 0) return {{}, Shortage::injected};
    Maybe<Pfn> block;
    while (!block && may_reclaim(request) && reclaim_(request)) block = take_down_to(&Watermarks::low, request, order);
    if (!block) block = take_down_to(&Watermarks::min, request, order);
    if (!block && request.urgency == Urgency::emergency)
        for (Zone* const* at = list_for(request); *at != nullptr && !block; ++at) block = take_from(**at, request, order);
    if (block) return {*block, Shortage::none};
    ++refusals_[order];
    return {{}, explain(request, order)};
}

// A request that cannot wait may go to half of the mark, and to three quarters of that.
Maybe<Pfn> Zonelist::take_down_to(Pages Watermarks::*mark, Request request, unsigned order) {
    for (Zone* const* at = list_for(request); *at != nullptr; ++at) {
        Pages limit = (*at)->watermarks.*mark;
        if (request.urgency != Urgency::ordinary) {
            limit -= Pages{limit.raw / 2};
            limit -= Pages{limit.raw / 4};
        }
        if (!(*at)->above(limit, order, request.best)) continue;
        const Maybe<Pfn> block = take_from(**at, request, order);
        if (block) return block;
    }
    return {};
}

Shortage Zonelist::explain(Request request, unsigned order) const {
    Shortage worst = Shortage::exhausted;
    for (Zone* const* at = list_for(request); *at != nullptr; ++at) {
        const Buddy& buddy = (*at)->buddy();
        for (unsigned larger = order; larger < max_order; ++larger)
            if (buddy.free_blocks(larger) != 0) return Shortage::watermark;
        if (buddy.free_pages() >= block_pages(order)) worst = Shortage::fragmented;
    }
    return worst;
}

// From the top down: most frames lie in the highest zones.
Zone& Zonelist::find(Pfn frame) const {
    for (unsigned index = populated_; index-- > 0;) {
        if (frame < by_frame_[index]->start()) continue;
        require(frame < by_frame_[index]->end(), "the frame is in no zone");
        return *by_frame_[index];
    }
    panic("the frame is in no zone");
}

void Zonelist::free(Pfn first, unsigned order) { find(first).buddy().give(first, order); }

void Zonelist::share(Pfn frame) {
    require(frames_[frame].state == PageState::used, "share of a frame that nobody has");
    ++frames_[frame].users;
}

void Zonelist::release(Pfn frame) {
    Page& page = frames_[frame];
    require(page.state == PageState::used && page.users > 0, "release of a frame that nobody has");
    if (--page.users == 0) free(frame, page.order);
}

void Zonelist::fail_allocation(uint32_t n) {
    require(n != 0 && !injecting_, "fault injection: one failure at a time");
    injecting_ = true;
    fail_in_ = n;
    for (Zone* zone : populated()) zone->watermarks.low = Zone::never;
}

bool Zonelist::stop_failing() {
    const bool failed = injecting_ && fail_in_ == 0;
    injecting_ = false;
    fail_in_ = 0;
    set_watermarks();
    return failed;
}

Pages Zonelist::free_pages() const {
    Pages sum{};
    for (const Zone* zone : populated()) sum += zone->buddy().free_pages();
    return sum;
}

bool Zonelist::check() const {
    Pfn expected{0};
    for (const Zone* zone : populated()) {
        if (zone->start() < expected || zone->end() <= zone->start() || zone->present() > zone->spanned()) return false;
        if (zone->buddy().free_pages() > zone->present() || !zone->buddy().check()) return false;
        expected = zone->end();
    }
    return expected <= frames_.end();
}

}  // namespace guest
