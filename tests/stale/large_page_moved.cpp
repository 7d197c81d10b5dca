// SPDX-License-Identifier: LGPL-2.1-or-later
// A large page moves to another large frame.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::large_page_moved {

[[gnu::noinline]] void change() { slot_entry(0) = large_leaf(large_frame(1)); }
[[gnu::noinline]] void use() { read(page(2)); }

void run(Side side) {
    slot_entry(0) = large_leaf(large_frame(0));
    read(page(2));
    change();
    if (side == Side::good) guest::invlpg(page(0));  // of a large page: all of it
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"large-page-moved", run};

}  // namespace twins::large_page_moved
