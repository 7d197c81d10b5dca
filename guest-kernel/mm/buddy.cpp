// SPDX-License-Identifier: LGPL-2.1-or-later
// The buddy allocator of one zone.
#include "guest-kernel/mm/buddy.hpp"

namespace guest {

using mm::Pages;
using mm::Pfn;

namespace {

Pfn buddy_of(Pfn block, unsigned order) { return Pfn{block.raw ^ block_pages(order).raw}; }

// The largest order of a block that ends at `end`, is aligned to its size and begins at or behind `start`.
unsigned order_before(Pfn start, Pfn end) {
    unsigned order = max_order - 1;
    while (end.raw % block_pages(order).raw != 0 || end - start < block_pages(order)) --order;
    return order;
}

}  // namespace

bool Buddy::is_free_block(Pfn frame, unsigned order) const {
    if (frame < start_ || frame >= end_) return false;
    const Page& page = frames_[frame];
    return page.state == PageState::free && page.order == order;
}

void Buddy::insert(Pfn block, unsigned order) {
    Page& page = frames_[block];
    page.state = PageState::free;
    page.order = static_cast<uint8_t>(order);
    page.users = 0;
    lists_[order].push(frames_, block);
}

// Joins as it goes, because two ranges may touch in the middle of a block. From the end down, so that the lowest block
// is at the head of its list and is handed out first.
void Buddy::add(Pfn start, Pfn end) {
    require(start >= start_ && start <= end && end <= end_, "buddy: the range is not in the zone");
    while (start < end) {
        const unsigned order = order_before(start, end);
        end = end - block_pages(order);
        require(frames_[end].state == PageState::interior, "buddy: the frame was added before");
        frames_[end].state = PageState::used;
        frames_[end].order = static_cast<uint8_t>(order);
        give(end, order);
    }
}

Maybe<Pfn> Buddy::take(unsigned order) {
    require(order < max_order, "buddy: order too large");
    unsigned from = order;
    while (from < max_order && lists_[from].empty()) ++from;
    if (from == max_order) return {};
    const Pfn block = lists_[from].pop(frames_);

    // The upper half goes back at each step down.
    while (from > order) {
        --from;
        insert(block + block_pages(from), from);
    }
    Page& page = frames_[block];
    page.state = PageState::used;
    page.order = static_cast<uint8_t>(order);
    page.users = 1;
    free_pages_ -= block_pages(order);
    return block;
}

void Buddy::give(Pfn block, unsigned order) {
    require(order < max_order && block.raw % block_pages(order).raw == 0, "buddy: not a block");
    Page& page = frames_[block];
    require(page.state == PageState::used && page.order == order, "buddy: freed twice, or with another order");
    free_pages_ += block_pages(order);
    page.state = PageState::interior;
    for (; order + 1 < max_order && is_free_block(buddy_of(block, order), order); ++order) {
        const Pfn buddy = buddy_of(block, order);
        lists_[order].remove(frames_, buddy);
        frames_[buddy].state = PageState::interior;
        block = block < buddy ? block : buddy;
    }
    insert(block, order);
}

bool Buddy::check_list(unsigned order, uint64_t& seen) const {
    uint32_t blocks = 0, previous = no_frame;
    for (uint32_t at = lists_[order].head(); at != no_frame; previous = at, at = frames_[Pfn{at}].next) {
        const Pfn block{at};
        if (++blocks > lists_[order].size()) return false;
        if (!is_free_block(block, order) || frames_[block].prev != previous || frames_[block].users != 0) return false;
        if (block.raw % block_pages(order).raw != 0 || end_ - block < block_pages(order)) return false;
        if (order + 1 < max_order && is_free_block(buddy_of(block, order), order)) return false;
        for (Pfn inside = block + Pages{1}; inside < block + block_pages(order); ++inside)
            if (frames_[inside].state != PageState::interior) return false;
    }
    seen += uint64_t{blocks} << order;
    return blocks == lists_[order].size();
}

bool Buddy::check() const {
    uint64_t seen = 0;
    for (unsigned order = 0; order < max_order; ++order)
        if (!check_list(order, seen)) return false;
    return seen == free_pages_.raw;
}

}  // namespace guest
