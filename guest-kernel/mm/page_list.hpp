// SPDX-License-Identifier: LGPL-2.1-or-later
// A doubly linked list of frames, threaded through struct page by frame number.
#pragma once

#include "guest-kernel/mm/page.hpp"

namespace guest {

class PageList final {
public:
    constexpr bool empty() const { return head_ == no_frame; }
    constexpr uint32_t size() const { return size_; }
    constexpr uint32_t head() const { return head_; }  // frame number, or no_frame

    void push(const FrameTable& frames, mm::Pfn frame);
    void remove(const FrameTable& frames, mm::Pfn frame);  // assumes that it is in this list
    [[nodiscard]] mm::Pfn pop(const FrameTable& frames);   // assumes !empty()

private:
    uint32_t head_ = no_frame;
    uint32_t size_ = 0;
};

}  // namespace guest
