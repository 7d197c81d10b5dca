// SPDX-License-Identifier: LGPL-2.1-or-later
// Exceptions, and the way back from ring 3; stubs.S has the stubs.
#pragma once

#include <stdint.h>

namespace twins {

inline constexpr unsigned exceptions = 32, ring_3_return_vector = 0x30;

// What a stub and the processor have pushed.
struct Trap {
    uint32_t edi, esi, ebp, esp, ebx, edx, ecx, eax;
    uint32_t vector, error, eip, cs, eflags;
};

void load_traps();
void set_interrupt(unsigned vector, const char* stub);  // of the devices; after load_traps()
void load_interrupt_table();  // of each processor, by load_traps() of the first
[[noreturn]] void end_run(uint32_t failures);

}  // namespace twins
