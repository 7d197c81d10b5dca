// SPDX-License-Identifier: LGPL-2.1-or-later
// The task state: the stack for traps from ring 3, and which ports ring 3 may use (SDM vol. 3, 7.2.1; vol. 1, 19.5.2).
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "mm/protocol.hpp"

namespace guest {

inline constexpr unsigned permitted_ports = 8;  // command_port and argument_port, 32 bits each
inline constexpr unsigned bitmap_bytes = (mm::protocol::command_port + permitted_ports) / 8;

// Fields that a kernel without hardware task switching never uses are left unnamed.
struct TaskState {
    uint32_t link = 0;
    uint32_t esp0 = 0;
    uint32_t ss0 = 0;
    uint32_t unused[22] = {};
    uint16_t trap = 0;
    uint16_t bitmap_offset = offsetof(TaskState, bitmap);
    uint8_t bitmap[bitmap_bytes + 1] = {};  // a clear bit permits its port; the last byte must be all ones
};
static_assert(offsetof(TaskState, esp0) == 4 && offsetof(TaskState, bitmap_offset) == 102 && offsetof(TaskState, bitmap) == 104);
static_assert(mm::protocol::argument_port == mm::protocol::command_port + 4 && mm::protocol::command_port % 8 == 0,
              "the permitted ports are one byte of the bitmap");

extern "C" TaskState task_state;  // arch/shared-tables.inc reads its esp0

}  // namespace guest
