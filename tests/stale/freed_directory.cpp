// SPDX-License-Identifier: LGPL-2.1-or-later
// As freed_table.cpp, for the directory of the window's GiB, which its PDPTE still names.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"
#include "tests/stale/publish.hpp"

namespace twins::freed_directory {

[[gnu::noinline]] void change() { publish_page_table(window_directory(0), mm::protocol::PageTable::freed); }
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side side) {
    entry(0) = leaf(data(0));
    read(page(0));
    if (side == Side::good) *window_pointer(0) = 0;
    change();
    guest::write_cr3(root(0));
    use();
    publish_page_table(window_directory(0), mm::protocol::PageTable::allocated);
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"freed-directory", run};

}  // namespace twins::freed_directory
