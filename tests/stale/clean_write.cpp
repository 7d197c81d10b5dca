// SPDX-License-Identifier: LGPL-2.1-or-later
// The page was only read, so its translation is clean. The write that sets D may go to the old frame: no processor has to walk again
// before it (SDM vol. 3, 4.8). Bochs does.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::clean_write {

[[gnu::noinline]] void change() { entry(0) = leaf(data(1)); }
[[gnu::noinline]] void use() { write(page(0)); }

void run(Side side) {
    entry(0) = leaf(data(0));
    read(page(0));
    change();
    if (side == Side::good) guest::invlpg(page(0));
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"clean-write", run};

}  // namespace twins::clean_write
