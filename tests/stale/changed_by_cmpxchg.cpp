// SPDX-License-Identifier: LGPL-2.1-or-later
// The entry is changed by LOCK CMPXCHG, its low half in PAE.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::changed_by_cmpxchg {

[[gnu::noinline]] void change() {
    volatile uint32_t* const low = at<uint32_t>(mm::address(table(0)));
    uint32_t old = *low;
    asm volatile("lock cmpxchgl %2, %1" : "+a"(old), "+m"(*low) : "r"(static_cast<uint32_t>(leaf(data(1)))) : "cc");
}
[[gnu::noinline]] void use() { read(page(0)); }

[[gnu::section(".twins"), gnu::used]] const Twin twin{"changed-by-cmpxchg", change_between_uses<change, use>};

}  // namespace twins::changed_by_cmpxchg
