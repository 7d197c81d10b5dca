// SPDX-License-Identifier: LGPL-2.1-or-later
// To set CR4.SMEP drops everything; to clear it, as the bad twin does, drops nothing.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::smep_set {

[[gnu::noinline]] void change() { entry(0) = leaf(data(1), global_page); }
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side side) {
    const uint32_t clear = guest::read_cr4(), set = clear | mm::cr4_smep;
    open_own_pages(false);
    entry(0) = leaf(data(0), global_page);
    guest::write_cr4(side == Side::good ? clear : set);
    use();
    change();
    guest::write_cr4(side == Side::good ? set : clear);
    use();
    guest::write_cr4(clear);
    open_own_pages(true);
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"smep-set", run};

}  // namespace twins::smep_set
