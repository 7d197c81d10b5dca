// SPDX-License-Identifier: LGPL-2.1-or-later
// A page that was not mapped, and has faulted, is mapped: nothing was cached of it.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::page_added {

[[gnu::noinline]] void change() { entry(0) = leaf(data(0)); }
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side) {
    use();
    change();
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"page-added", run, Sides::good_only};

}  // namespace twins::page_added
