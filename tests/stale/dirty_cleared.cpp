// SPDX-License-Identifier: LGPL-2.1-or-later
// A page is marked clean, as when it goes to disk, and written again: D stays clear, and what was written is lost.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::dirty_cleared {

[[gnu::noinline]] void change() { entry(0) = entry(0) & ~Raw{mm::entry_bit::dirty}; }
[[gnu::noinline]] void use() { write(page(0)); }

[[gnu::section(".twins"), gnu::used]] const Twin twin{"dirty-cleared", change_between_uses<change, use>};

}  // namespace twins::dirty_cleared
