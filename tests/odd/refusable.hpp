// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes to registers that may be refused: #GP, and the instruction is skipped (tests/stale/traps.cpp).
#pragma once

#include <stdint.h>

namespace odd {

inline void try_write_cr3(uint32_t value) {
    asm volatile("1:\tmovl %0, %%cr3\n2:\n\t.pushsection .fixups, \"a\"\n\t.long 1b, 2b\n\t.popsection" : : "r"(value) : "memory");
}
inline void try_write_cr4(uint32_t value) {
    asm volatile("1:\tmovl %0, %%cr4\n2:\n\t.pushsection .fixups, \"a\"\n\t.long 1b, 2b\n\t.popsection" : : "r"(value) : "memory");
}
inline void try_write_cr0(uint32_t value) {
    asm volatile("1:\tmovl %0, %%cr0\n2:\n\t.pushsection .fixups, \"a\"\n\t.long 1b, 2b\n\t.popsection" : : "r"(value) : "memory");
}
inline void try_write_msr(uint32_t number, uint64_t value) {
    asm volatile("1:\twrmsr\n2:\n\t.pushsection .fixups, \"a\"\n\t.long 1b, 2b\n\t.popsection"
                 : : "c"(number), "a"(static_cast<uint32_t>(value)), "d"(static_cast<uint32_t>(value >> 32)) : "memory");
}

}  // namespace odd
