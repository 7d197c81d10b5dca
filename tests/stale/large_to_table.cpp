// SPDX-License-Identifier: LGPL-2.1-or-later
// A large page is split into a table of other frames. The good twin's one INVLPG, of whatever address in it, drops all of it (SDM
// vol. 3, 4.10.4.2); the bad one's is of the slot beside it.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::large_to_table {

[[gnu::noinline]] void change() { slot_entry(0) = names(table(0)); }
[[gnu::noinline]] void use() { read(page(1)); }

void run(Side side) {
    slot_entry(0) = large_leaf(large_frame(0));
    flush_not_global();  // the table was empty: a directory entry that still led there must not find what comes now
    for (unsigned n = 0; n < entries; ++n) entry(n) = leaf(data(n));
    read(page(0));
    read(page(1));
    change();
    guest::invlpg(page(0, side == Side::bad ? 1 : 0));
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"large-to-table", run};

}  // namespace twins::large_to_table
