// SPDX-License-Identifier: LGPL-2.1-or-later
// The other processor is not told, and loads CR3 before it uses the page: Linux' lazy TLB.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"
#include "tests/stale/other_cpu.hpp"

namespace twins::other_cpu_switched {

[[gnu::noinline]] void change() { entry(0) = leaf(data(1)); }
[[gnu::noinline]] void use() { read(page(0)); }
void use_after_switch() {
    flush_not_global();
    use();
}

void run(Side) {
    entry(0) = leaf(data(0));
    on_other_cpu(use);
    change();
    on_other_cpu(use_after_switch);
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"other-cpu-switched", run, Sides::good_only, Processors::two};

}  // namespace twins::other_cpu_switched
