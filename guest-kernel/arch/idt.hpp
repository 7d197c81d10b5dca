// SPDX-License-Identifier: LGPL-2.1-or-later
// The interrupt table's gates (SDM vol. 3, figure 6-2).
//
//   63        48 47 46 45 44  40 39  32 31      16 15       0
//   offset 31:16  P  DPL   type    0     selector   offset15:0
#pragma once

#include "guest-kernel/arch/gdt.hpp"

namespace guest {

struct Gate {
    uint64_t raw = 0;

    // An interrupt gate: enters ring 0 with interrupts off. `ring` may invoke it with INT.
    static constexpr Gate interrupt(uint32_t offset, unsigned ring) {
        return {(uint64_t{offset} & 0xFFFF0000) << 32 | uint64_t{0x8E | ring << 5} << 40 |
                uint64_t{static_cast<uint16_t>(Selector::kernel_code)} << 16 | (offset & 0xFFFF)};
    }
    constexpr uint32_t offset() const { return static_cast<uint32_t>((raw & 0xFFFF) | (raw >> 32 & 0xFFFF0000)); }
};

static_assert(Gate::interrupt(0x12345678, 3).raw == 0x1234EE0000085678);
static_assert(Gate::interrupt(0xFFFC0123, 0).offset() == 0xFFFC0123);

// Exceptions 0-31, interrupts 32-47 and the system call.
void load_interrupt_table();

}  // namespace guest
