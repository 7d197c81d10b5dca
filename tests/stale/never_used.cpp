// SPDX-License-Identifier: LGPL-2.1-or-later
// A page gets another frame before its first use.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::never_used {

[[gnu::noinline]] void change() { entry(0) = leaf(data(1)); }
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side) {
    entry(0) = leaf(data(0));
    change();
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"never-used", run, Sides::good_only};

}  // namespace twins::never_used
