// SPDX-License-Identifier: LGPL-2.1-or-later
// As table_reused.cpp, by a guest that publishes nothing of its tables.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::table_reused_silently {

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
    if (side == Side::good) guest::invlpg(page(0));
    reuse();
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"table-reused-silently", run};

}  // namespace twins::table_reused_silently
