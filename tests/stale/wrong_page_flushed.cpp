// SPDX-License-Identifier: LGPL-2.1-or-later
// The neighbour of the page that was changed is flushed.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::wrong_page_flushed {

[[gnu::noinline]] void change() { entry(0) = leaf(data(1)); }
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side side) {
    entry(0) = leaf(data(0));
    read(page(0));
    change();
    guest::invlpg(page(side == Side::bad ? 1 : 0));
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"wrong-page-flushed", run};

}  // namespace twins::wrong_page_flushed
