// SPDX-License-Identifier: LGPL-2.1-or-later
// Two address spaces have different global pages at one address. MOV to CR3 changes nothing in memory, and the first one's translation
// stays. The pages of the good twin are not global.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::shared_global {

[[gnu::noinline]] void change() { guest::write_cr3(root(1)); }
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side side) {
    const mm::Permissions p = side == Side::bad ? global_page : kernel_page;
    slot_entry(0, 1) = names(table(1));
    entry(0) = leaf(data(0), p);
    entry(table(1), 0) = leaf(data(1), p);
    read(page(0));
    change();
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"shared-global", run};

}  // namespace twins::shared_global
