// SPDX-License-Identifier: LGPL-2.1-or-later
// The entry is changed by XCHG, its low half in PAE.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::changed_by_xchg {

[[gnu::noinline]] void change() {
    uint32_t value = static_cast<uint32_t>(leaf(data(1)));
    asm volatile("xchgl %0, %1" : "+r"(value), "+m"(*at<uint32_t>(mm::address(table(0)))));
}
[[gnu::noinline]] void use() { read(page(0)); }

[[gnu::section(".twins"), gnu::used]] const Twin twin{"changed-by-xchg", change_between_uses<change, use>};

}  // namespace twins::changed_by_xchg
