// SPDX-License-Identifier: LGPL-2.1-or-later
// The entry is written through a mapping of its table in the window, not through the identity mapping.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::changed_by_alias {

[[gnu::noinline]] void change() { write(page(1), static_cast<uint32_t>(leaf(data(1)))); }
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side side) {
    entry(0) = leaf(data(0));
    entry(1) = leaf(table(0));
    read(page(0));
    change();
    if (side == Side::good) guest::invlpg(page(0));
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"changed-by-alias", run};

}  // namespace twins::changed_by_alias
