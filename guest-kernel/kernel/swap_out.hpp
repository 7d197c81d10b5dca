// SPDX-License-Identifier: LGPL-2.1-or-later
// Which pages leave memory: those of processes that do not run, the ones that were not accessed for longest first, by
// the accessed bit's second chance. Pages with several users, after a fork or an I/O's, stay.
//
// Linux writes a page while its process may run, and keeps it in the swap cache until the write is done. Here there is no
// cache: the entry is changed after the write, an error leaves the page where it was, and if somebody ran meanwhile, it was
// in vain. Reclaim, which may not sleep, polls the disk.
#pragma once

#include "guest-kernel/kernel/swap.hpp"
#include "guest-kernel/mm/request.hpp"

namespace guest {

class AddressSpace;

struct SwapOut {
    uint32_t pages;  // that left
    SwapStatus why;  // not `done`: why not as many as were wanted; `done` also if the space has no more that may leave
};

// Where pages go: what `first` refuses, as incompressible or because it is full, goes to `otherwise` (Linux: zswap).
struct SwapWay {
    SwapKind first, otherwise;
    constexpr SwapWay(SwapKind only) : first{only}, otherwise{only} {}
    constexpr SwapWay(SwapKind f, SwapKind o) : first{f}, otherwise{o} {}
};

// Moves up to `wanted` pages of `space` out, with kinds of swap that are in use. Not of the current process's: `running`; the
// same if others ran while it slept, and then the space may be gone; or if somebody else is at it. What is refused stays.
SwapOut swap_out(AddressSpace& space, uint32_t wanted, SwapWay way, SwapWait wait = SwapWait::poll);

// The same for any processes but the current one, in turn, with the kinds of swap that are in use: compressed, otherwise to
// the disk. Returns how many left.
uint32_t swap_out_any(uint32_t wanted);

// For reclaim (io/reclaim.hpp): how many pages left that help this request. It answers 0 while it is at work itself.
uint32_t reclaim_by_swap(Request request, uint32_t wanted);

// From now on the processes together keep about so many pages in memory: before one gets a page beyond that, others lose
// some, the current one none (Linux: a memory cgroup's limit). 0: as many as there are.
void set_resident_limit(uint32_t pages);
inline uint32_t resident_limit = 0;
void keep_resident_limit();

}  // namespace guest
