// SPDX-License-Identifier: LGPL-2.1-or-later
// A global page gets another frame, and CR3 is loaded: that drops no global translation. The good twin changes CR4.PGE.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::global_remapped {

[[gnu::noinline]] void change() { entry(0) = leaf(data(1), global_page); }
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side side) {
    entry(0) = leaf(data(0), global_page);
    read(page(0));
    change();
    if (side == Side::good) flush_all();
    else flush_not_global();
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"global-remapped", run};

}  // namespace twins::global_remapped
