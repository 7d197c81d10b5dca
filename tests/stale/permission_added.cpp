// SPDX-License-Identifier: LGPL-2.1-or-later
// A read-only page becomes writable: a write may fault once for nothing, and that is all.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::permission_added {

[[gnu::noinline]] void change() { entry(0) = leaf(data(0)); }
[[gnu::noinline]] void use() { write(page(0)); }

void run(Side) {
    entry(0) = leaf(data(0), read_only_page);
    read(page(0));
    change();
    use();
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"permission-added", run, Sides::good_only};

}  // namespace twins::permission_added
