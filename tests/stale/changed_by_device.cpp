// SPDX-License-Identifier: LGPL-2.1-or-later
// A device writes the table: the CD, by its bus master.
#include "tests/stale/access.hpp"
#include "tests/stale/cdrom.hpp"
#include "tests/stale/machine.hpp"

namespace twins::changed_by_device {

[[gnu::noinline]] void change() { read_cd_table(table(0)); }
[[gnu::noinline]] void use() { read(page(0)); }

[[gnu::section(".twins"), gnu::used]] const Twin twin{"changed-by-device", change_between_uses<change, use>};

}  // namespace twins::changed_by_device
