// SPDX-License-Identifier: LGPL-2.1-or-later
// A page gets another frame while two processors use it, and only the one that changes it drops the old one. The good twin's interrupt makes
// the other do so, too: a shootdown.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"
#include "tests/stale/other_cpu.hpp"

namespace twins::other_cpu_untold {

[[gnu::noinline]] void change() { entry(0) = leaf(data(1)); }
[[gnu::noinline]] void use() { read(page(0)); }
void use_before() { read(page(0)); }
void flush() { guest::invlpg(page(0)); }

void run(Side side) {
    entry(0) = leaf(data(0));
    on_other_cpu(use_before);
    read(page(0));
    change();
    flush();
    if (side == Side::good) interrupt_other_cpu(flush);
    on_other_cpu(use);
    read(page(0));
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"other-cpu-untold", run, Sides::both, Processors::two};

}  // namespace twins::other_cpu_untold
