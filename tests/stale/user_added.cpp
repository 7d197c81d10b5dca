// SPDX-License-Identifier: LGPL-2.1-or-later
// A page of the kernel becomes ring 3's.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::user_added {

[[gnu::noinline]] void change() { entry(0) = leaf(data(0), user_page); }
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side) {
    entry(0) = leaf(data(0), kernel_page);
    read(page(0));
    change();
    in_ring_3(use);
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"user-added", run, Sides::good_only};

}  // namespace twins::user_added
