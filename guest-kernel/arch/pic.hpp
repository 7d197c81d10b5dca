// SPDX-License-Identifier: LGPL-2.1-or-later
// The two interrupt controllers (8259A): vectors 32 to 47, all lines masked until somebody wants one.
#pragma once

#include "guest-kernel/arch/port.hpp"

namespace guest {

inline constexpr unsigned first_interrupt_vector = 32;
inline constexpr unsigned interrupt_lines = 16;
constexpr bool is_interrupt(uint32_t vector) { return vector - first_interrupt_vector < interrupt_lines; }

namespace pic {
inline constexpr uint16_t master_command = 0x20, master_data = 0x21, slave_command = 0xA0, slave_data = 0xA1;
inline constexpr uint8_t end_of_interrupt = 0x20;   // OCW2, non-specific
inline constexpr uint8_t read_in_service = 0x0B;    // OCW3: the next read of the command port gives the ISR
inline constexpr unsigned slave_line = 2;
}  // namespace pic

inline void start_interrupt_controllers() {
    out8(pic::master_command, 0x11);  // ICW1: edge triggered, cascaded, ICW4 follows
    out8(pic::slave_command, 0x11);
    out8(pic::master_data, first_interrupt_vector);  // ICW2: base vector
    out8(pic::slave_data, first_interrupt_vector + 8);
    out8(pic::master_data, 1 << 2);  // ICW3: the slave is on line 2 ...
    out8(pic::slave_data, 2);        // ... and knows it
    out8(pic::master_data, 0x01);    // ICW4: 8086 mode
    out8(pic::slave_data, 0x01);
    out8(pic::master_data, 0xFF);
    out8(pic::slave_data, 0xFF);
}

// Bit n set: line n is masked.
inline void write_interrupt_masks(uint16_t masks) {
    out8(pic::master_data, static_cast<uint8_t>(masks));
    out8(pic::slave_data, static_cast<uint8_t>(masks >> 8));
}

inline void end_interrupt(unsigned line) {
    if (line >= 8) out8(pic::slave_command, pic::end_of_interrupt);
    out8(pic::master_command, pic::end_of_interrupt);
}

// A request that went away before it was taken arrives as the controller's line 7, without its in-service bit; no end
// of interrupt may follow. The slave's still occupied the master's line 2.
inline bool spurious_interrupt(unsigned line) {
    if (line % 8 != 7) return false;
    const uint16_t command = line < 8 ? pic::master_command : pic::slave_command;
    out8(command, pic::read_in_service);
    if (in8(command) & 0x80) return false;
    if (line >= 8) end_interrupt(pic::slave_line);
    return true;
}

}  // namespace guest
