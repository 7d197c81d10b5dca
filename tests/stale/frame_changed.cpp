// SPDX-License-Identifier: LGPL-2.1-or-later
// A page gets another frame and is used at once: what Windows 9x did.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::frame_changed {

[[gnu::noinline]] void change() { entry(0) = leaf(data(1)); }
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side side) {
    entry(0) = leaf(data(0));
    read(page(0));
    change();
    if (side == Side::good) guest::invlpg(page(0));
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"frame-changed", run};

}  // namespace twins::frame_changed
