// SPDX-License-Identifier: LGPL-2.1-or-later
// A directory entry names another table, whose pages are others. The page that is used then was never used before: the cached
// directory entry leads to the old table.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::table_replaced {

[[gnu::noinline]] void change() { slot_entry(0) = names(table(1)); }
[[gnu::noinline]] void use() { read(page(1)); }

void run(Side side) {
    entry(0) = entry(table(1), 0) = leaf(data(0));
    entry(1) = leaf(data(1));
    entry(table(1), 1) = leaf(data(2));
    read(page(0));
    change();
    if (side == Side::good) guest::invlpg(page(1));
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"table-replaced", run};

}  // namespace twins::table_replaced
