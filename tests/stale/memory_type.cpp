// SPDX-License-Identifier: LGPL-2.1-or-later
// A page becomes uncached, as when a device is mapped there, and is read through the cache.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::memory_type {

[[gnu::noinline]] void change() { entry(0) = entry(0) | mm::entry_bit::cache_disable; }
[[gnu::noinline]] void use() { read(page(0)); }

[[gnu::section(".twins"), gnu::used]] const Twin twin{"memory-type", change_between_uses<change, use>};

}  // namespace twins::memory_type
