// SPDX-License-Identifier: LGPL-2.1-or-later
// A large page is split into a table of other frames, and one of two pages that were used is flushed. A processor that keeps fragments
// of large pages drops that one alone, since the tables map no large page any longer (SDM vol. 3, 4.10.4.1).
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::large_to_table {

[[gnu::noinline]] void change() { slot_entry(0) = names(table(0)); }
[[gnu::noinline]] void use() { read(page(1)); }

void run(Side side) {
    for (unsigned n = 0; n < entries; ++n) entry(n) = leaf(data(n));
    slot_entry(0) = large_leaf(large_frame(0));
    read(page(0));
    read(page(1));
    change();
    guest::invlpg(page(0));
    if (side == Side::good) guest::invlpg(page(1));
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"large-to-table", run};

}  // namespace twins::large_to_table
