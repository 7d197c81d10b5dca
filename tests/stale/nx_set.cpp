// SPDX-License-Identifier: LGPL-2.1-or-later
// A page that has run becomes no-execute, and runs again.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::nx_set {

[[gnu::section(".pages.nx_set"), gnu::noinline]] void use() { asm volatile(""); }
[[gnu::noinline]] void change() {
    volatile Raw& own = own_entry(mm::VirtAddr{reinterpret_cast<uint32_t>(&use)});
    own = own | mm::entry_bit::no_execute;
}

void run(Side side) {
    call(use);
    change();
    if (side == Side::good) guest::invlpg(mm::VirtAddr{reinterpret_cast<uint32_t>(&use)});
    call(use);
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"nx-set", run};

}  // namespace twins::nx_set
