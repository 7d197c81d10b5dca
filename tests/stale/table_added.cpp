// SPDX-License-Identifier: LGPL-2.1-or-later
// A slot without a table gets one.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::table_added {

[[gnu::noinline]] void change() { slot_entry(1) = names(table(1)); }
[[gnu::noinline]] void use() { read(page(0, 1)); }

void run(Side) {
    entry(table(1), 0) = leaf(data(0));
    use();
    change();
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"table-added", run, Sides::good_only};

}  // namespace twins::table_added
