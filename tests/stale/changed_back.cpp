// SPDX-License-Identifier: LGPL-2.1-or-later
// A page gets another frame for a while in which nobody uses it.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::changed_back {

[[gnu::noinline]] void change() {
    entry(0) = leaf(data(1));
    entry(0) = leaf(data(0));
}
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side) {
    entry(0) = leaf(data(0));
    read(page(0));
    change();
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"changed-back", run, Sides::good_only};

}  // namespace twins::changed_back
