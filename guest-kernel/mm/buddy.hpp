// SPDX-License-Identifier: LGPL-2.1-or-later
// The buddy allocator of one zone: free blocks of 2^order frames, order 0 to 10, aligned to their own size.
//
//   order 2  [ 8  9 10 11]          A block's buddy is its frame number with bit `order` flipped; two free
//   order 1  [ 8  9][10 11]         buddies of one order become one block of the next.
//
// Owns no memory: the lists are threaded through the page map that it is given. Source: Linux 2.6 mm/page_alloc.c.
#pragma once

#include "guest-kernel/mm/maybe.hpp"
#include "guest-kernel/mm/page_list.hpp"

namespace guest {

inline constexpr unsigned max_order = 11;  // MAX_ORDER: orders 0 .. max_order-1
inline constexpr uint32_t largest_block = uint32_t{1} << (max_order - 1);  // frames: 4 MiB

constexpr mm::Pages block_pages(unsigned order) { return mm::Pages{uint32_t{1} << order}; }

class Buddy final {
public:
    // Serves frames [start, end); holds nothing until add().
    Buddy() = default;
    Buddy(const FrameTable& frames, mm::Pfn start, mm::Pfn end) : frames_{frames}, start_{start}, end_{end} {}

    // Boot: gives the frames [start, end) in the largest aligned blocks. Each frame may be given once. Of blocks of one
    // order the lowest is taken first.
    void add(mm::Pfn start, mm::Pfn end);

    // First frame of a block, split off the smallest larger one if need be; nothing if no block is large enough.
    Maybe<mm::Pfn> take(unsigned order);

    // Returns a block that take() handed out, with its order, and joins it with its buddies.
    void give(mm::Pfn block, unsigned order);

    mm::Pages free_pages() const { return free_pages_; }
    uint32_t free_blocks(unsigned order) const { return lists_[order].size(); }

    // Walks every list: state, order, alignment, range, link and count of each block, no overlap with a used block,
    // and no two free buddies left apart. False if anything is wrong.
    bool check() const;

private:
    bool is_free_block(mm::Pfn frame, unsigned order) const;
    void insert(mm::Pfn block, unsigned order);
    bool check_list(unsigned order, uint64_t& seen) const;

    FrameTable frames_;
    mm::Pfn start_{}, end_{};
    mm::Pages free_pages_{};
    PageList lists_[max_order];
};

}  // namespace guest
