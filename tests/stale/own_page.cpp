// SPDX-License-Identifier: LGPL-2.1-or-later
// The entry of the page that runs is changed, to a copy of the page, and it runs on.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::own_page {

[[gnu::section(".pages.own_page"), gnu::noinline]] void use(void (*edit)()) { edit(); }

mm::VirtAddr code() { return mm::VirtAddr{static_cast<uint32_t>(mm::align_down(reinterpret_cast<uint32_t>(&use), mm::page_size))}; }
[[gnu::noinline]] void change() { own_entry(code()) = leaf(data(0), user_page); }
[[gnu::noinline]] void change_and_flush() {
    change();
    guest::invlpg(code());
}

void run(Side side) {
    __builtin_memcpy(reinterpret_cast<void*>(mm::address(data(0)).raw), reinterpret_cast<const void*>(code().raw), mm::page_size);
    use(side == Side::bad ? change : change_and_flush);
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"own-page", run};

}  // namespace twins::own_page
