// SPDX-License-Identifier: LGPL-2.1-or-later
// Of INVPCID's types one drops global translations.
#include "tests/stale/access.hpp"
#include "tests/stale/invpcid.hpp"
#include "tests/stale/machine.hpp"

namespace twins::invpcid_global {

using mm::trace::InvpcidType;

[[gnu::noinline]] void change() { entry(0) = leaf(data(1), global_page); }
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side side) {
    entry(0) = leaf(data(0), global_page);
    use();
    change();
    if (side == Side::good) invpcid(InvpcidType::all_and_global);
    else invpcid(InvpcidType::address, page(0)), invpcid(InvpcidType::all);
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"invpcid-global", run};

}  // namespace twins::invpcid_global
