// SPDX-License-Identifier: LGPL-2.1-or-later
// A no-execute page may run: permission is added.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::nx_cleared {

[[gnu::section(".pages.nx_cleared"), gnu::noinline]] void use() { asm volatile(""); }
[[gnu::noinline]] void change() {
    volatile Raw& own = own_entry(mm::VirtAddr{reinterpret_cast<uint32_t>(&use)});
    own = own & ~Raw{mm::entry_bit::no_execute};
}

void run(Side) {
    const mm::VirtAddr code{reinterpret_cast<uint32_t>(&use)};
    own_entry(code) = own_entry(code) | mm::entry_bit::no_execute;
    guest::invlpg(code);
    read(code);
    call(use);
    change();
    call(use);
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"nx-cleared", run, Sides::good_only};

}  // namespace twins::nx_cleared
