// SPDX-License-Identifier: LGPL-2.1-or-later
// Code changes its own page's entry, to a copy of the page, and goes on running there.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::own_page {

[[gnu::section(".pages.own_page"), gnu::noinline]] void use() { asm volatile(""); }
[[gnu::section(".pages.own_page"), gnu::noinline]] void change() {
    own_entry(mm::VirtAddr{reinterpret_cast<uint32_t>(&use)}) = leaf(data(0), user_page);
}

void run(Side side) {
    const mm::VirtAddr code{static_cast<uint32_t>(mm::align_down(reinterpret_cast<uint32_t>(&use), mm::page_size))};
    __builtin_memcpy(reinterpret_cast<void*>(mm::address(data(0)).raw), reinterpret_cast<const void*>(code.raw), mm::page_size);
    change();
    if (side == Side::good) guest::invlpg(code);
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"own-page", run};

}  // namespace twins::own_page
