// SPDX-License-Identifier: LGPL-2.1-or-later
// The two interrupt controllers (8259A): vectors 32 to 47, all lines masked until somebody wants one.
#pragma once

#include "guest-kernel/arch/port.hpp"

namespace guest {

inline constexpr unsigned first_interrupt_vector = 32;
inline constexpr unsigned timer_vector = first_interrupt_vector;
constexpr bool is_interrupt(uint32_t vector) { return vector >= first_interrupt_vector && vector < first_interrupt_vector + 16; }

namespace pic {
inline constexpr uint16_t master_command = 0x20, master_data = 0x21, slave_command = 0xA0, slave_data = 0xA1;
inline constexpr uint8_t end_of_interrupt = 0x20, timer_line = 1;
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

inline void unmask_timer(bool on) {
    out8(pic::master_data, on ? static_cast<uint8_t>(~pic::timer_line) : uint8_t{0xFF});
}
inline void acknowledge_timer() { out8(pic::master_command, pic::end_of_interrupt); }

}  // namespace guest
