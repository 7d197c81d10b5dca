// SPDX-License-Identifier: LGPL-2.1-or-later
// vmalloc's functions that depend on the page mapper; included by vmalloc.hpp only.
#pragma once

namespace guest {

template <class M>
Maybe<mm::VirtAddr> Vmalloc<M>::allocate(uint32_t bytes) {
    const mm::Pages pages = mm::pages_for(bytes);
    if (pages.raw == 0) return {};
    const Maybe<mm::VirtAddr> start = areas_.reserve(pages);
    if (!start) return {};
    const mm::Pages done = populate(*start, pages);
    if (done == pages) return start;
    unmap(*start, done);
    static_cast<void>(areas_.release(*start));
    return {};
}

// Returns how many pages were mapped. New entries need no flush: nothing was cached for them.
template <class M>
mm::Pages Vmalloc<M>::populate(mm::VirtAddr start, mm::Pages pages) {
    for (mm::Pages done{}; done < pages; done += mm::Pages{1}) {
        const mm::VirtAddr at = start + static_cast<uint32_t>(mm::bytes(done));
        const Allocation frame = zones_.allocate(gfp_highuser, 0);
        if (!frame) return done;
        if (!mapper_.map(at, frame.first)) {
            zones_.free(frame.first, 0);
            return done;
        }
    }
    return pages;
}

// Frames go back only after the flush: until then another CPU could still write to them through its TLB.
template <class M>
void Vmalloc<M>::unmap(mm::VirtAddr start, mm::Pages pages) {
    PageList frames;
    for (uint32_t page = 0; page < pages.raw; ++page)
        frames.push(zones_.frames(), mapper_.unmap(start + page * mm::page_size));
    if (pages.raw != 0) mapper_.flush_all();
    while (!frames.empty()) zones_.free(frames.pop(zones_.frames()), 0);
}

template <class M>
void Vmalloc<M>::free(mm::VirtAddr start) {
    const mm::Pages pages = areas_.release(start);
    require(pages.raw != 0, "vfree: no area starts there");
    unmap(start, pages);
}

}  // namespace guest
