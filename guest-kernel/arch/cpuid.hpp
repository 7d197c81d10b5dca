// SPDX-License-Identifier: LGPL-2.1-or-later
// What the processor can do (SDM vol. 2, CPUID). Assumes a processor that has the instruction: P5 and some i486.
#pragma once

#include <stdint.h>

namespace guest {

struct CpuidLeaf {
    uint32_t eax, ebx, ecx, edx;
};

inline CpuidLeaf cpuid(uint32_t leaf) {
    CpuidLeaf r{};
    asm volatile("cpuid" : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx) : "a"(leaf), "c"(0));
    return r;
}

// Leaf 1, EDX bit 9.
inline bool cpu_has_local_apic() { return (cpuid(1).edx >> 9 & 1) != 0; }

// Leaf 0x80000001, EDX bit 20: PAE entries have an execute-disable bit.
inline bool cpu_has_no_execute() {
    constexpr uint32_t extended = 0x80000000, features = 0x80000001, bit = uint32_t{1} << 20;
    return cpuid(extended).eax >= features && (cpuid(features).edx & bit) != 0;
}

}  // namespace guest
