// SPDX-License-Identifier: LGPL-2.1-or-later
// Sixteen bytes are stored at once: two entries in PAE, four in classic paging.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::changed_by_sse {

[[gnu::noinline]] void change() {
    const volatile Raw* const from = &entry(table(1), 0);
    volatile Raw* const to = &entry(0);
    asm volatile("movups (%0), %%xmm0\n\tmovups %%xmm0, (%1)" : : "r"(from), "r"(to) : "memory");
}
[[gnu::noinline]] void use() { read(page(1)); }

void run(Side side) {
    entry(1) = leaf(data(0));
    entry(table(1), 1) = leaf(data(1));
    read(page(1));
    change();
    if (side == Side::good) guest::invlpg(page(1));
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"changed-by-sse", run};

}  // namespace twins::changed_by_sse
