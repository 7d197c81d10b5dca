// SPDX-License-Identifier: LGPL-2.1-or-later
// A page table is taken out of its directory and its memory used for something else, while another processor keeps the directory entry. The
// bad twin interrupts it, and waits, but the handler drops nothing.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"
#include "tests/stale/other_cpu.hpp"

namespace twins::other_cpu_table_freed {

[[gnu::noinline]] void change() { slot_entry(1) = 0; }
[[gnu::noinline]] void use() { read(page(1, 1)); }
void use_before() { read(page(0, 1)); }
void nothing() {}

void run(Side side) {
    entry(table(1), 0) = leaf(data(0));
    entry(table(1), 1) = leaf(data(1));
    slot_entry(1) = names(table(1));
    on_other_cpu(use_before);
    change();
    flush_not_global();
    interrupt_other_cpu(side == Side::good ? flush_not_global : nothing);
    entry(table(1), 1) = leaf(data(2));
    on_other_cpu(use);
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"other-cpu-table-freed", run, Sides::both, Processors::two};

}  // namespace twins::other_cpu_table_freed
