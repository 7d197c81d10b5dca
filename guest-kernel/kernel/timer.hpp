// SPDX-License-Identifier: LGPL-2.1-or-later
// The programmable interval timer: pre-emption, and time limits of sleepers.
//
// It is masked unless something asks for it: a measured operation that a tick may or may not hit is not repeatable to
// the instruction. Only pre-emption itself is measured with the timer on.
#pragma once

#include <stdint.h>

namespace guest {

inline constexpr unsigned timer_line = 0;
inline constexpr uint32_t idle_hertz = 100;  // while only time limits want it: Linux' HZ on i386 up to 2.4

// Interrupts `hertz` times per second of virtual time, 19 to 10000, for pre-emption; 0 ends that.
void set_timer(uint32_t hertz);

// The timer runs, whatever set_timer() says, until each hold is released.
void hold_timer();
void release_timer();
bool timer_held();

uint32_t timer_ticks();  // interrupts taken since boot

}  // namespace guest
