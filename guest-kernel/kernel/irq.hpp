// SPDX-License-Identifier: LGPL-2.1-or-later
// Device interrupts: who handles which of the 16 lines. Interrupts are taken in ring 3 and in the idle loop only, never
// inside the kernel, so that handlers share data with the rest of the kernel without locks.
//
//   set_interrupt_handler(14, disk_done, &disk);  unmask_line(14);  ... start the device ...  sleep(disk.queue);
//
// Every line is masked at boot. A driver unmasks its line while it expects an interrupt: the scheduler takes an unmasked
// line for something that may still wake somebody, and reports a deadlock when there is none.
#pragma once

#include <stdint.h>

namespace guest {

using InterruptHandler = void (*)(void* context);

void set_interrupt_handler(unsigned line, InterruptHandler handler, void* context);
void unmask_line(unsigned line);
void mask_line(unsigned line);

// Takes an interrupt: runs the line's handler, then tells the controllers. What nobody asked for is counted.
void take_interrupt(unsigned line);

// Whether a device's interrupt can still come; the timer is not a device (timer.hpp).
bool device_interrupts_expected();

struct InterruptCounts {
    uint32_t taken, spurious, unhandled;
};
InterruptCounts interrupt_counts();

}  // namespace guest
