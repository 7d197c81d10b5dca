// SPDX-License-Identifier: LGPL-2.1-or-later
// A page becomes read-only, as for copy on write, and another processor goes on writing: it was interrupted before the change.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"
#include "tests/stale/other_cpu.hpp"

namespace twins::other_cpu_protected {

[[gnu::noinline]] void change() { entry(0) = leaf(data(0), read_only_page); }
[[gnu::noinline]] void use() { write(page(0)); }
void use_before() { write(page(0)); }
void flush() { guest::invlpg(page(0)); }

void run(Side side) {
    entry(0) = leaf(data(0));
    on_other_cpu(use_before);
    if (side == Side::bad) interrupt_other_cpu(flush), on_other_cpu(use_before);
    change();
    flush();
    if (side == Side::good) interrupt_other_cpu(flush);
    on_other_cpu(use);
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"other-cpu-protected", run, Sides::both, Processors::two};

}  // namespace twins::other_cpu_protected
