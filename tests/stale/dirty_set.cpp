// SPDX-License-Identifier: LGPL-2.1-or-later
// Software sets D before the processor would.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::dirty_set {

[[gnu::noinline]] void change() { entry(0) = entry(0) | mm::entry_bit::dirty; }
[[gnu::noinline]] void use() { write(page(0)); }

void run(Side) {
    entry(0) = leaf(data(0));
    read(page(0));
    change();
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"dirty-set", run, Sides::good_only};

}  // namespace twins::dirty_set
