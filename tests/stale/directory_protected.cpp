// SPDX-License-Identifier: LGPL-2.1-or-later
// A directory entry becomes read-only: so do all pages of its table.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::directory_protected {

[[gnu::noinline]] void change() { slot_entry(0) = slot_entry(0) & ~Raw{mm::entry_bit::writable}; }
[[gnu::noinline]] void use() { write(page(0)); }

void run(Side side) {
    entry(0) = leaf(data(0));
    write(page(0));
    change();
    if (side == Side::good) guest::invlpg(page(0));
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"directory-protected", run};

}  // namespace twins::directory_protected
