// SPDX-License-Identifier: LGPL-2.1-or-later
// Accesses that may fault: a read or write is then skipped, a call returns at once (traps.cpp). Inlined, so that the access is an
// instruction of the function that asks for it.
#pragma once

#include "mm/addr.hpp"

namespace twins {

[[gnu::always_inline]] inline uint32_t read(mm::VirtAddr at) {
    uint32_t value = 0;
    // .fixups: pairs of an instruction that may fault, and where to go on then.
    asm volatile("1:\tmovl (%1), %0\n2:\n\t.pushsection .fixups, \"a\"\n\t.long 1b, 2b\n\t.popsection"
                 : "+r"(value) : "r"(at.raw) : "memory");
    return value;
}
[[gnu::always_inline]] inline void write(mm::VirtAddr at, uint32_t value = 1) {
    asm volatile("1:\tmovl %0, (%1)\n2:\n\t.pushsection .fixups, \"a\"\n\t.long 1b, 2b\n\t.popsection"
                 : : "r"(value), "r"(at.raw) : "memory");
}
inline void call(void (*function)()) { asm volatile("call *%0" : : "r"(function) : "eax", "ecx", "edx", "memory", "cc"); }

// Calls it at CPL 3 (stubs.S), on the caller's own stack.
extern "C" void in_ring_3(void (*function)());

uint32_t faults();  // so far

}  // namespace twins
