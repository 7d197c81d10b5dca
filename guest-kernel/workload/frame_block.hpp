// SPDX-License-Identifier: LGPL-2.1-or-later
// Blocks of frames that a workload or a test holds for as long as it runs.
#pragma once

#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/workload/kernel_workloads.hpp"

namespace guest {

inline constexpr uint32_t held_frames = 2 * largest_block;

// held_frames frames of one kind of memory; none if that kind has not so many.
class FrameBlock final {
public:
    explicit FrameBlock(Memory memory);
    ~FrameBlock();
    FrameBlock(const FrameBlock&) = delete;
    FrameBlock& operator=(const FrameBlock&) = delete;

    explicit operator bool() const { return blocks_ == 2; }
    mm::Pfn operator[](uint32_t index) const;  // modulo held_frames

private:
    mm::Pfn first_[2]{};
    unsigned blocks_ = 0;
};

// All that is free in HIGHMEM: while it lives, user pages come from NORMAL.
class HighmemHolder final {
public:
    HighmemHolder();
    ~HighmemHolder();
    HighmemHolder(const HighmemHolder&) = delete;
    HighmemHolder& operator=(const HighmemHolder&) = delete;

private:
    PageList held_;
};

// Says on the console that the workload needs more HIGHMEM than there is, and what would give it; true, as for a
// workload that went well.
bool skip_without_highmem(Span span);

}  // namespace guest
