// SPDX-License-Identifier: LGPL-2.1-or-later
// Blocks of frames that a workload or a test holds for as long as it runs.
#pragma once

#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/workload/kernel_workloads.hpp"

namespace guest {

// Two blocks of 2^order frames of one kind of memory; none if that kind has no such blocks to spare.
class FrameBlock final {
public:
    FrameBlock(Memory memory, unsigned order);
    ~FrameBlock();
    FrameBlock(const FrameBlock&) = delete;
    FrameBlock& operator=(const FrameBlock&) = delete;

    explicit operator bool() const { return blocks_ == 2; }
    mm::Pfn operator[](uint32_t index) const;  // modulo size()
    uint32_t size() const { return uint32_t{2} << order_; }

private:
    unsigned order_;
    mm::Pfn first_[2]{};
    unsigned blocks_ = 0;
};

// All that is free in HIGHMEM: while it lives, user pages come from NORMAL. With much HIGHMEM all of NORMAL would be kept from
// them (lowmem_reserve), so that NORMAL's reserve is off meanwhile, as after a write to lowmem_reserve_ratio.
class HighmemHolder final {
public:
    HighmemHolder();
    ~HighmemHolder();
    HighmemHolder(const HighmemHolder&) = delete;
    HighmemHolder& operator=(const HighmemHolder&) = delete;

private:
    mm::Pages reserve_[max_nodes]{};
    PageList held_;
};

// Says on the console that the workload needs more of this memory than there is, and what would give it; true, as for
// a workload that went well.
bool skip(Span span, Memory memory);

}  // namespace guest
