// SPDX-License-Identifier: LGPL-2.1-or-later
// A table's slot becomes one large page of other frames; a page of the table was used.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::table_to_large {

[[gnu::noinline]] void change() { slot_entry(0) = large_leaf(large_frame(0)); }
[[gnu::noinline]] void use() { read(page(0)); }

[[gnu::section(".twins"), gnu::used]] const Twin twin{"table-to-large", change_between_uses<change, use>};

}  // namespace twins::table_to_large
