// SPDX-License-Identifier: LGPL-2.1-or-later
// INVPCID of one address drops that page; the bad twin names the page beside it.
#include "tests/stale/access.hpp"
#include "tests/stale/invpcid.hpp"
#include "tests/stale/machine.hpp"

namespace twins::invpcid_address {

using mm::trace::InvpcidType;

[[gnu::noinline]] void change() { entry(0) = leaf(data(1)); }
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side side) {
    entry(0) = leaf(data(0));
    use();
    change();
    invpcid(InvpcidType::address, page(side == Side::bad ? 1 : 0));
    use();
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"invpcid-address", run};

}  // namespace twins::invpcid_address
