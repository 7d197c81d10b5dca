// SPDX-License-Identifier: LGPL-2.1-or-later
// A page of ring 3 becomes the kernel's, and ring 3 reads it again.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::user_removed {

[[gnu::noinline]] void first() { read(page(0)); }
[[gnu::noinline]] void change() { entry(0) = leaf(data(0), kernel_page); }
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side side) {
    entry(0) = leaf(data(0), user_page);
    in_ring_3(first);
    change();
    if (side == Side::good) guest::invlpg(page(0));
    in_ring_3(use);
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"user-removed", run};

}  // namespace twins::user_removed
