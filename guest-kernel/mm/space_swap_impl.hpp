// SPDX-License-Identifier: LGPL-2.1-or-later
// Space's pages on their way out of memory and back; see mm/space.hpp.
#pragma once

#include "guest-kernel/mm/space.hpp"

namespace guest {

// Linux: do_swap_page. While the page is read other threads may run: one of them may have brought it in, or unmapped it.
// The slot has one more user meanwhile, so that it cannot come to hold another page.
template <class M>
FaultStatus Space<M>::swap_in(mm::VirtAddr page, SwapEntry e) {
    mm::Pfn frame;
    if (!machine_.empty_frame(frame)) return FaultStatus::no_memory;
    machine_.share_swapped(e);
    const FaultStatus read = machine_.read_swapped(e, frame);
    const Region* const r = regions_.find(page.raw);
    bool mapped = false;
    if (read == FaultStatus::resolved && r) {
        edit().change_range(page, page + mm::page_size, [&](mm::VirtAddr, mm::Entry<Format> pte) {
            if (pte != encode<Format>(e)) return pte;
            mapped = true;
            return mm::Entry<Format>::leaf(frame, permissions(*r, r->write));
        });
    }
    if (mapped) {
        machine_.release_swapped(e);
        ++resident_;
        --swapped_;
    } else {
        machine_.release(frame);
    }
    machine_.release_swapped(e);
    return read;
}

template <class M>
unsigned Space<M>::find_unused(UnusedPage* out, unsigned room) {
    unsigned found = 0;
    const uint32_t start = hand_;
    if (search(start, M::user_end, out, room, found)) search(M::user_start, start, out, room, found);
    return found;
}

// Whether it came to the end; if not, the search goes on behind the last page that it found.
template <class M>
bool Space<M>::search(uint32_t from, uint32_t to, UnusedPage* out, unsigned room, unsigned& found) {
    for (unsigned i = 0; i < regions_.size() && found < room; ++i) {
        const uint32_t start = regions_[i].start > from ? regions_[i].start : from;
        const uint32_t end = regions_[i].end < to ? regions_[i].end : to;
        if (start >= end) continue;
        edit().change_while(mm::VirtAddr{start}, mm::VirtAddr{end}, [&](mm::VirtAddr at, mm::Entry<Format>& pte) {
            if (!pte.present() || machine_.users(pte.frame()) != 1) return true;
            if (pte.accessed()) {
                // Not flushed: who still holds the translation only fails to say that it used the page.
                pte = pte.without(mm::entry_bit::accessed);
                return true;
            }
            out[found++] = {at, pte.frame()};
            hand_ = at.raw + mm::page_size;
            return found < room;
        });
    }
    return found < room;
}

// The frame goes back after the flush, as in Gather.
template <class M>
void Space<M>::swap_out(const UnusedPage& page, SwapEntry e) {
    edit().change_range(page.at, page.at + mm::page_size, [&](mm::VirtAddr, mm::Entry<Format> pte) {
        require(pte.present() && pte.frame() == page.frame, "a page was remapped while it was swapped out");
        return encode<Format>(e);
    });
    machine_.flush_page(FlushSite::swap_out, cr3_, page.at);
    machine_.release(page.frame);
    --resident_;
    ++swapped_;
}

}  // namespace guest
