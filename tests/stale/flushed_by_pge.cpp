// SPDX-License-Identifier: LGPL-2.1-or-later
// A change of CR4.PGE drops all, global or not.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::flushed_by_pge {

[[gnu::noinline]] void change() { entry(0) = leaf(data(1), global_page); }
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side) {
    entry(0) = leaf(data(0), global_page);
    read(page(0));
    change();
    flush_all();
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"flushed-by-pge", run, Sides::good_only};

}  // namespace twins::flushed_by_pge
