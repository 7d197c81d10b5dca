// SPDX-License-Identifier: LGPL-2.1-or-later
// The bits that processors ignore are the kernel's: 9 to 11.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::software_bits {

[[gnu::noinline]] void change() { entry(0) = entry(0) ^ Raw{0xE00}; }
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side) {
    entry(0) = leaf(data(0));
    read(page(0));
    change();
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"software-bits", run, Sides::good_only};

}  // namespace twins::software_bits
