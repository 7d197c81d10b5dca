// SPDX-License-Identifier: LGPL-2.1-or-later
// What entry.S leaves on the kernel stack, lowest address first.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace guest {

inline constexpr uint32_t page_fault_vector = 14;

struct TrapFrame {
    uint32_t es, ds;
    uint32_t edi, esi, ebp, unused, ebx, edx, ecx, eax;  // PUSHAD
    uint32_t vector, error;
    uint32_t eip, cs, eflags;
    uint32_t esp, ss;  // pushed, and popped, for ring 3 only; else what was on top of the interrupted stack

    bool from_user() const { return (cs & 3) == 3; }
};
static_assert(sizeof(TrapFrame) == 17 * 4 && offsetof(TrapFrame, cs) == 13 * 4, "entry.S counts on it");

}  // namespace guest
