// SPDX-License-Identifier: LGPL-2.1-or-later
// Model-specific registers (SDM vol. 4).
#pragma once

#include <stdint.h>

namespace guest {

inline constexpr uint32_t msr_efer = 0xC0000080;

inline uint64_t read_msr(uint32_t number) {
    uint32_t low, high;
    asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(number));
    return uint64_t{high} << 32 | low;
}

inline void write_msr(uint32_t number, uint64_t value) {
    asm volatile("wrmsr" : : "c"(number), "a"(static_cast<uint32_t>(value)), "d"(static_cast<uint32_t>(value >> 32)));
}

}  // namespace guest
