// SPDX-License-Identifier: LGPL-2.1-or-later
// A is cleared, to learn which pages are used: an approximation by intention.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::accessed_cleared {

[[gnu::noinline]] void change() {
    entry(0) = entry(0) & ~Raw{mm::entry_bit::accessed};
    slot_entry(0) = slot_entry(0) & ~Raw{mm::entry_bit::accessed};
}
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side) {
    entry(0) = leaf(data(0));
    read(page(0));
    change();
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"accessed-cleared", run, Sides::good_only};

}  // namespace twins::accessed_cleared
