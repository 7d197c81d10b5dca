// SPDX-License-Identifier: LGPL-2.1-or-later
// A directory entry becomes read-only: so do all pages of its table.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::directory_protected {

[[gnu::noinline]] void change() { slot_entry(0) = slot_entry(0) & ~Raw{mm::entry_bit::writable}; }
[[gnu::noinline]] void use() { write(page(0)); }

[[gnu::section(".twins"), gnu::used]] const Twin twin{"directory-protected", change_between_uses<change, use>};

}  // namespace twins::directory_protected
