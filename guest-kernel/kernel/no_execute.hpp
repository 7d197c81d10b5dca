// SPDX-License-Identifier: LGPL-2.1-or-later
// The execute-disable bit of PAE entries, where the processor has it (Linux: nx_enabled, __supported_pte_mask).
#pragma once

#include "mm/entry.hpp"

namespace guest {

// True once EFER.NXE is set. Without it the bit is reserved, and an entry that has it faults (SDM vol. 3, 4.4.2).
bool no_execute_enabled();

// Before the first entry of the real tables is written. Classic entries have no such bit: nothing happens.
void enable_no_execute();

// What this machine can grant of `p`: everything is executable without the bit.
inline mm::Permissions supported(mm::Permissions p) {
    p.execute = p.execute || !no_execute_enabled();
    return p;
}

}  // namespace guest
