// SPDX-License-Identifier: LGPL-2.1-or-later
// What the processor can do (SDM vol. 2, CPUID). It has the instruction: boot.S made sure.
#pragma once

#include <stdint.h>

// CPUID.1's EDX and EAX, from boot.S. What the command line turned off is no longer in cpu_features.
extern "C" uint32_t cpu_features, cpu_signature;

namespace guest {

// Bits of CPUID.1:EDX.
enum class Feature : uint32_t {
    pse = 1u << 3,   // 4 MiB pages
    pae = 1u << 6,
    sep = 1u << 11,  // sysenter
    pge = 1u << 13,  // global pages
};
inline bool cpu_has(Feature f) { return cpu_features & static_cast<uint32_t>(f); }
inline void forget(Feature f) { cpu_features &= ~static_cast<uint32_t>(f); }

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

// How many bits a physical address has: leaf 0x80000008, EAX bits 7:0, and without that leaf what SDM vol. 3, 4.1.4 says. A
// longer address in an entry of a page table is a fault.
inline unsigned physical_address_bits() {
    constexpr uint32_t extended = 0x80000000, sizes = 0x80000008;
    if (cpuid(extended).eax >= sizes) return cpuid(sizes).eax & 0xFF;
    return cpu_has(Feature::pae) ? 36 : 32;
}

}  // namespace guest
