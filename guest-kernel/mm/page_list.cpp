// SPDX-License-Identifier: LGPL-2.1-or-later
// A doubly linked list of frames, threaded through struct page by frame number.
#include "guest-kernel/mm/page_list.hpp"

namespace guest {

using mm::Pfn;

void PageList::push(const FrameTable& frames, Pfn frame) {
    Page& page = frames[frame];
    page.next = head_;
    page.prev = no_frame;
    if (head_ != no_frame) frames[Pfn{head_}].prev = frame.raw;
    head_ = frame.raw;
    ++size_;
}

void PageList::remove(const FrameTable& frames, Pfn frame) {
    Page& page = frames[frame];
    if (page.prev == no_frame) {
        require(head_ == frame.raw, "page list: the frame is not in this list");
        head_ = page.next;
    } else {
        frames[Pfn{page.prev}].next = page.next;
    }
    if (page.next != no_frame) frames[Pfn{page.next}].prev = page.prev;
    page.next = page.prev = no_frame;
    --size_;
}

Pfn PageList::pop(const FrameTable& frames) {
    require(!empty(), "page list: pop of an empty list");
    const Pfn frame{head_};
    remove(frames, frame);
    return frame;
}

}  // namespace guest
