// SPDX-License-Identifier: LGPL-2.1-or-later
// Segments: flat code and data for both rings, and the task state (SDM vol. 3, 3.4.5 and 7.2.2).
//
//   63    56 55  52 51    48 47    40 39         16 15       0
//   base31:24 flags limit19:16 access   base 23:0     limit15:0
#pragma once

#include <stdint.h>

namespace guest {

enum class Selector : uint16_t { kernel_code = 0x08, kernel_data = 0x10, user_code = 0x1B, user_data = 0x23, task = 0x28 };

struct Descriptor {
    uint64_t raw = 0;

    // access: P, DPL, S, type; flags: G, D/B, L, AVL.
    static constexpr Descriptor segment(uint32_t base, uint32_t limit, uint8_t access, uint8_t flags) {
        return {(uint64_t{base} & 0xFF000000) << 32 | uint64_t{flags & 0xFu} << 52 | (uint64_t{limit} & 0xF0000) << 32 |
                uint64_t{access} << 40 | (uint64_t{base} & 0xFFFFFF) << 16 | (limit & 0xFFFF)};
    }
    constexpr uint32_t base() const { return static_cast<uint32_t>((raw >> 16 & 0xFFFFFF) | (raw >> 32 & 0xFF000000)); }
    constexpr uint32_t limit() const { return static_cast<uint32_t>((raw & 0xFFFF) | (raw >> 32 & 0xF0000)); }
};

inline constexpr uint8_t access_code = 0x9A, access_data = 0x92, access_task = 0x89, access_ring_3 = 0x60;
inline constexpr uint8_t flags_flat = 0xC;  // 4 KiB granularity, 32 bits

static_assert(Descriptor::segment(0, 0xFFFFF, access_code, flags_flat).raw == 0x00CF9A000000FFFF);
static_assert(Descriptor::segment(0x12345678, 0xABCDE, access_task, 0).base() == 0x12345678);
static_assert(Descriptor::segment(0x12345678, 0xABCDE, access_task, 0).limit() == 0xABCDE);

// Loads the kernel's own segments and task register.
void load_segments();

}  // namespace guest
