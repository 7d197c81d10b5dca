// SPDX-License-Identifier: LGPL-2.1-or-later
// A load of CR3 drops all that is not global, cached directory entries too.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::flushed_by_cr3 {

[[gnu::noinline]] void change() {
    entry(0) = leaf(data(1));
    slot_entry(1) = 0;
}
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side) {
    slot_entry(1) = names(table(1));
    entry(0) = leaf(data(0));
    entry(table(1), 0) = leaf(data(2));
    read(page(0));
    read(page(0, 1));
    change();
    flush_not_global();
    use();
    read(page(1, 1));
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"flushed-by-cr3", run, Sides::good_only};

}  // namespace twins::flushed_by_cr3
