// SPDX-License-Identifier: LGPL-2.1-or-later
// The programmable interval timer, the kernel's only interrupt source.
//
// It is masked unless something asks for it: a measured operation that a tick may or may not hit is not repeatable to
// the instruction. Only pre-emption itself is measured with the timer on.
#pragma once

#include <stdint.h>

namespace guest {

// Interrupts `hertz` times per second of virtual time, 19 to 10000; 0 masks the timer.
void set_timer(uint32_t hertz);

// One tick: the running process has had its turn.
void timer_interrupt();

uint32_t timer_ticks();  // interrupts taken since boot

}  // namespace guest
