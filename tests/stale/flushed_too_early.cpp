// SPDX-License-Identifier: LGPL-2.1-or-later
// The flush comes before the change, and the page is used in between.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::flushed_too_early {

[[gnu::noinline]] void change() { entry(0) = leaf(data(1)); }
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side side) {
    entry(0) = leaf(data(0));
    read(page(0));
    if (side == Side::bad) guest::invlpg(page(0));
    read(page(0));
    change();
    if (side == Side::good) guest::invlpg(page(0));
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"flushed-too-early", run};

}  // namespace twins::flushed_too_early
