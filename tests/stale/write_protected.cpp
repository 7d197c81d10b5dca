// SPDX-License-Identifier: LGPL-2.1-or-later
// A page that was written becomes read-only, as when fork shares it, and is written again.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::write_protected {

[[gnu::noinline]] void change() { entry(0) = leaf(data(0), read_only_page); }
[[gnu::noinline]] void use() { write(page(0)); }

[[gnu::section(".twins"), gnu::used]] const Twin twin{"write-protected", change_between_uses<change, use>};

}  // namespace twins::write_protected
