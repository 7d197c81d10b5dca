// SPDX-License-Identifier: LGPL-2.1-or-later
// Which pages leave memory: those of processes that do not run, the ones that were not accessed for longest first, by
// the accessed bit's second chance. Pages with several users, after a fork or an I/O's, stay.
//
// Linux writes a page while its process may run, and keeps it in the swap cache until the write is done. Here the disk is
// polled, so that nobody runs in between and there is no cache: the entry is changed after the write, and an error leaves
// the page where it was.
#pragma once

#include "guest-kernel/kernel/swap.hpp"

namespace guest {

class AddressSpace;

struct SwapOut {
    uint32_t pages;  // that left
    SwapStatus why;  // not `done`: why not as many as were wanted; `done` also if the space has no more that may leave
};

// Moves up to `wanted` pages of `space` out. Not of the current process's: `running`. Incompressible pages stay.
SwapOut swap_out(AddressSpace& space, uint32_t wanted, SwapKind kind);

}  // namespace guest
