// SPDX-License-Identifier: LGPL-2.1-or-later
// What a flush of all that is not global drops: pages, and cached directory entries.
#pragma once

#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace twins {

// Uses a page and a table, changes both, flushes, and uses them again.
inline void change_and_use(void (*flush)()) {
    slot_entry(1) = names(table(1));
    entry(0) = leaf(data(0));
    entry(table(1), 0) = leaf(data(2));
    read(page(0));
    read(page(0, 1));
    entry(0) = leaf(data(1));
    slot_entry(1) = 0;
    flush();
    read(page(0));
    read(page(1, 1));
}

}  // namespace twins
