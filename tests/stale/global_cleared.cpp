// SPDX-License-Identifier: LGPL-2.1-or-later
// A page is global no longer; the translation that is cached still is, and survives the next MOV to CR3.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::global_cleared {

[[gnu::noinline]] void change() { entry(0) = leaf(data(0), kernel_page); }
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side side) {
    entry(0) = leaf(data(0), global_page);
    read(page(0));
    change();
    use();  // the same page still, global or not
    if (side == Side::good) guest::invlpg(page(0));
    flush_not_global();
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"global-cleared", run};

}  // namespace twins::global_cleared
