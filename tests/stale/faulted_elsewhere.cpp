// SPDX-License-Identifier: LGPL-2.1-or-later
// A page fault drops the translations of its own address, and of no other.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::faulted_elsewhere {

[[gnu::noinline]] void change() { entry(0) = leaf(data(1), read_only_page); }
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side side) {
    entry(0) = leaf(data(0), read_only_page);
    entry(1) = leaf(data(2), read_only_page);
    read(page(0));
    change();
    write(page(side == Side::bad ? 1 : 0));
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"faulted-elsewhere", run};

}  // namespace twins::faulted_elsewhere
