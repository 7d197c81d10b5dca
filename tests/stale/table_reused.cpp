// SPDX-License-Identifier: LGPL-2.1-or-later
// A table is freed, which the guest publishes, and its frame gets data. The cached directory entry still takes that for a table.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"
#include "tests/stale/publish.hpp"

namespace twins::table_reused {

[[gnu::noinline]] void change() { slot_entry(0) = 0; }
// What comes into the frame after the table: it happens to look like entries.
[[gnu::noinline]] void reuse() {
    for (unsigned n = 0; n < entries; ++n) entry(n) = leaf(data(7));
}
[[gnu::noinline]] void use() { read(page(1)); }

void run(Side side) {
    entry(0) = leaf(data(0));
    read(page(0));
    change();
    if (side == Side::good) guest::invlpg(page(0));  // drops all cached directory entries
    publish_page_table(table(0), mm::protocol::PageTable::freed);
    reuse();
    use();
    publish_page_table(table(0), mm::protocol::PageTable::allocated);
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"table-reused", run};

}  // namespace twins::table_reused
