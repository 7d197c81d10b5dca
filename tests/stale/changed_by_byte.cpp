// SPDX-License-Identifier: LGPL-2.1-or-later
// One byte of an entry is written, the one with R/W.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::changed_by_byte {

[[gnu::noinline]] void change() { *at<uint8_t>(mm::address(table(0))) = mm::entry_bit::present; }
[[gnu::noinline]] void use() { write(page(0)); }

[[gnu::section(".twins"), gnu::used]] const Twin twin{"changed-by-byte", change_between_uses<change, use>};

}  // namespace twins::changed_by_byte
