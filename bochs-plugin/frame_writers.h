// SPDX-License-Identifier: LGPL-2.1-or-later
// Through which linear pages a CPU writes which frames: when a frame becomes a page table, writes to it must no longer go unseen.
// A linear page is listed under the frame that it was last seen to write.
#pragma once

#include "table_watch.h"

namespace plugin {

class FrameWriters {
public:
    FrameWriters() : frame_{make_sparse<uint32_t>(linear_pages)}, next_{make_sparse<uint32_t>(linear_pages)}, first_{make_sparse<uint32_t>(followed_frames)} {}

    void note(uint32_t page, mm::Pfn frame) {
        const uint32_t listed = frame.raw + 1;
        if (frame_[page] == listed || frame.raw >= followed_frames) return;
        remove(page);
        frame_[page] = listed;
        next_[page] = first_[frame.raw];
        first_[frame.raw] = page + 1;
    }

    // visit(page) for each.
    template <class Visit>
    void visit(mm::Pfn frame, Visit&& visit) const {
        if (frame.raw >= followed_frames) return;
        for (uint32_t page = first_[frame.raw]; page != 0; page = next_[page - 1]) visit(page - 1);
    }

private:
    static constexpr unsigned linear_pages = 1u << 20;

    void remove(uint32_t page) {
        if (frame_[page] == 0) return;
        uint32_t* link = &first_[frame_[page] - 1];
        while (*link != page + 1) link = &next_[*link - 1];
        *link = next_[page];
    }

    Sparse<uint32_t> frame_, next_;  // by linear page: its frame, and the next page of that frame, each + 1; 0: none
    Sparse<uint32_t> first_;         // by frame
};

}  // namespace plugin
