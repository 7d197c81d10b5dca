// SPDX-License-Identifier: LGPL-2.1-or-later
// A page is unmapped and read again: its frame may be anybody's by then.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::present_cleared {

[[gnu::noinline]] void change() { entry(0) = 0; }
[[gnu::noinline]] void use() { read(page(0)); }

[[gnu::section(".twins"), gnu::used]] const Twin twin{"present-cleared", change_between_uses<change, use>};

}  // namespace twins::present_cleared
