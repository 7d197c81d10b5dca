// SPDX-License-Identifier: LGPL-2.1-or-later
// A table's slot becomes one large page of other frames; a page of the table was used.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::table_to_large {

[[gnu::noinline]] void change() { slot_entry(0) = large_leaf(large_frame(0)); }
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side side) {
    entry(0) = leaf(data(0));
    read(page(0));
    change();
    if (side == Side::good) guest::invlpg(page(0));
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"table-to-large", run};

}  // namespace twins::table_to_large
