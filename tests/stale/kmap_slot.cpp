// SPDX-License-Identifier: LGPL-2.1-or-later
// A slot of a kmap pool is taken by another frame without the flush that ends a round through the pool.
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins::kmap_slot {

[[gnu::noinline]] void change() {
    entry(0) = 0;
    entry(0) = leaf(data(1));
}
[[gnu::noinline]] void use() { write(page(0)); }

[[gnu::section(".twins"), gnu::used]] const Twin twin{"kmap-slot", change_between_uses<change, use>};

}  // namespace twins::kmap_slot
