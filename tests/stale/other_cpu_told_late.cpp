// SPDX-License-Identifier: LGPL-2.1-or-later
// The other processor uses a page all the time while it gets another frame: until it is told that is no mistake, for whoever changes the page
// waits for it. The bad twin does not tell it, and it drops the page by itself, some time later.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"
#include "tests/stale/other_cpu.hpp"

namespace twins::other_cpu_told_late {

volatile bool enough = false;

[[gnu::noinline]] void change() { entry(0) = leaf(data(1)); }
[[gnu::noinline]] void use() { read(page(0)); }
void use_until_enough() {
    while (!enough) use();
}
void flush() { guest::invlpg(page(0)); }

void run(Side side) {
    entry(0) = leaf(data(0));
    enough = false;
    begin_on_other_cpu(use_until_enough);
    let_other_cpu_run();
    change();
    let_other_cpu_run();
    flush();
    let_other_cpu_run();
    if (side == Side::good) interrupt_other_cpu(flush);
    let_other_cpu_run();
    enough = true;
    await_other_cpu();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"other-cpu-told-late", run, Sides::both, Processors::two};

}  // namespace twins::other_cpu_told_late
