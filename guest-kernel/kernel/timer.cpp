// SPDX-License-Identifier: LGPL-2.1-or-later
// Channel 0 of the 8254 as a rate generator.
#include "guest-kernel/kernel/timer.hpp"

#include "guest-kernel/arch/pic.hpp"
#include "guest-kernel/kernel/scheduler.hpp"

namespace guest {
namespace {

constexpr uint16_t channel_0 = 0x40, mode = 0x43;
constexpr uint8_t rate_generator = 0x34;  // channel 0, low byte then high byte, mode 2
constexpr uint32_t input_hertz = 1193182;

uint32_t ticks = 0;

}  // namespace

void set_timer(uint32_t hertz) {
    unmask_timer(false);
    if (hertz == 0) return;
    const uint32_t divisor = input_hertz / hertz;
    out8(mode, rate_generator);
    out8(channel_0, static_cast<uint8_t>(divisor));
    out8(channel_0, static_cast<uint8_t>(divisor >> 8));
    unmask_timer(true);
}

// The kernel runs with interrupts off, so this one came in ring 3.
void timer_interrupt() {
    ++ticks;
    acknowledge_timer();
    yield_current();
}

uint32_t timer_ticks() { return ticks; }

}  // namespace guest
