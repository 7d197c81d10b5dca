// SPDX-License-Identifier: LGPL-2.1-or-later
// A table is freed, as the guest publishes, while its directory entry still names it, and nothing is stale: the walk itself is wrong.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"
#include "tests/stale/publish.hpp"

namespace twins::freed_table {

[[gnu::noinline]] void change() { publish_page_table(table(0), mm::protocol::PageTable::freed); }
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side side) {
    entry(0) = leaf(data(0));
    read(page(0));
    if (side == Side::good) slot_entry(0) = 0;
    change();
    flush_all();
    use();
    publish_page_table(table(0), mm::protocol::PageTable::allocated);
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"freed-table", run};

}  // namespace twins::freed_table
