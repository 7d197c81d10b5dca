// SPDX-License-Identifier: LGPL-2.1-or-later
// A page gets another frame and is used at once: what Windows 9x did.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::frame_changed {

[[gnu::noinline]] void change() { entry(0) = leaf(data(1)); }
[[gnu::noinline]] void use() { read(page(0)); }

[[gnu::section(".twins"), gnu::used]] const Twin twin{"frame-changed", change_between_uses<change, use>};

}  // namespace twins::frame_changed
