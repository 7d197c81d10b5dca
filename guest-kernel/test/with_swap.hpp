// SPDX-License-Identifier: LGPL-2.1-or-later
// A test with a kind of swap in use.
#pragma once

#include "guest-kernel/kernel/io/disk.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/swap.hpp"
#include "guest-kernel/kernel/tap.hpp"

namespace guest {

// kmalloc keeps an empty slab of each size for the next request.
inline uint32_t free_or_slab() { return (zones().free_pages() + kmalloc().slab_pages()).raw; }

// Every test leaves the free pages as they were. With the kind of swap in use; `slots` of it at most.
template <class Run>
void with_swap(Check& check, SwapKind kind, Run run, uint32_t slots = swap_slots) {
    probe_data_disk();
    const uint32_t before = free_or_slab();
    const SwapStatus on = swap_on(kind, slots);
    if (on == SwapStatus::no_device) return check.skip("no disk with a swap area and a bus master");
    check.that(on == SwapStatus::done, "swap can be taken into use");
    if (on != SwapStatus::done) return;
    run();
    check.that(check_swap(), "swap's counts are sound");
    check.equal(swap_counters(kind).used, 0, "slots in use at the end");
    swap_off(kind);
    check.equal(free_or_slab(), before, "free pages at the end");
}

}  // namespace guest
