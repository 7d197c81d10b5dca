// SPDX-License-Identifier: LGPL-2.1-or-later
// Eight bytes are changed by LOCK CMPXCHG8B: one entry in PAE, of two the first in classic paging.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::changed_by_cmpxchg8b {

[[gnu::noinline]] void change() {
    volatile uint64_t* const first = at<uint64_t>(mm::address(table(0)));
    uint64_t old = *first;
    const uint64_t wanted = (old & ~uint64_t{0xFFFFFFFF}) | static_cast<uint32_t>(leaf(data(1)));
    const auto low = static_cast<uint32_t>(wanted), high = static_cast<uint32_t>(wanted >> 32);
    asm volatile("lock cmpxchg8b %1" : "+A"(old), "+m"(*first) : "b"(low), "c"(high) : "cc");
}
[[gnu::noinline]] void use() { read(page(0)); }

[[gnu::section(".twins"), gnu::used]] const Twin twin{"changed-by-cmpxchg8b", change_between_uses<change, use>};

}  // namespace twins::changed_by_cmpxchg8b
