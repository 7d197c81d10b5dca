// SPDX-License-Identifier: LGPL-2.1-or-later
// The window's PDPTE names another directory in memory: only MOV to CR3 loads it (SDM vol. 3, 4.4.1).
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::pdpte_changed {

[[gnu::noinline]] void change() { *window_pointer(0) = *window_pointer(1); }
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side side) {
    slot_entry(0, 1) = names(table(1));
    entry(0) = leaf(data(0));
    entry(table(1), 0) = leaf(data(1));
    read(page(0));
    change();
    if (side == Side::good) guest::write_cr3(root(0));
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"pdpte-changed", run};

}  // namespace twins::pdpte_changed
