// SPDX-License-Identifier: LGPL-2.1-or-later
// REP STOS clears a whole table.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::changed_by_stos {

[[gnu::noinline]] void change() {
    volatile uint32_t* to = at<uint32_t>(mm::address(table(0)));
    uint32_t count = mm::page_size / 4;
    asm volatile("rep stosl" : "+D"(to), "+c"(count) : "a"(0) : "memory");
}
[[gnu::noinline]] void use() { read(page(100)); }

void run(Side side) {
    entry(100) = leaf(data(0));
    read(page(100));
    change();
    if (side == Side::good) guest::invlpg(page(100));
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"changed-by-stos", run};

}  // namespace twins::changed_by_stos
