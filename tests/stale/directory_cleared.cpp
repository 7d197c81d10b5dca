// SPDX-License-Identifier: LGPL-2.1-or-later
// A directory entry goes away. The page that is used then was never used before: the cached directory entry leads to it.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::directory_cleared {

[[gnu::noinline]] void change() { slot_entry(0) = 0; }
[[gnu::noinline]] void use() { read(page(1)); }

void run(Side side) {
    entry(0) = leaf(data(0));
    entry(1) = leaf(data(1));
    read(page(0));
    change();
    if (side == Side::good) guest::invlpg(page(1));
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"directory-cleared", run};

}  // namespace twins::directory_cleared
