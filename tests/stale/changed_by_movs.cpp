// SPDX-License-Identifier: LGPL-2.1-or-later
// REP MOVS copies another table over the one in use.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::changed_by_movs {

[[gnu::noinline]] void change() {
    volatile uint32_t *to = at<uint32_t>(mm::address(table(0))), *from = at<uint32_t>(mm::address(table(1)));
    uint32_t count = mm::page_size / 4;
    asm volatile("rep movsl" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
}
[[gnu::noinline]] void use() { read(page(100)); }

void run(Side side) {
    entry(100) = leaf(data(0));
    entry(table(1), 100) = leaf(data(1));
    read(page(100));
    change();
    if (side == Side::good) guest::invlpg(page(100));
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"changed-by-movs", run};

}  // namespace twins::changed_by_movs
