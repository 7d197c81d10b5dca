// SPDX-License-Identifier: LGPL-2.1-or-later
// Channel 0 of the 8254 as a rate generator.
#include "guest-kernel/kernel/timer.hpp"

#include "guest-kernel/arch/port.hpp"
#include "guest-kernel/kernel/irq.hpp"
#include "guest-kernel/kernel/wait_queue.hpp"

namespace guest {
namespace {

constexpr uint16_t channel_0 = 0x40, mode = 0x43;
constexpr uint8_t rate_generator = 0x34;  // channel 0, low byte then high byte, mode 2
constexpr uint32_t input_hertz = 1193182;

uint32_t ticks = 0;
uint32_t preemption_hertz = 0;
uint32_t holds = 0;
uint32_t running_hertz = 0;

void tick(void*) { wake_expired(++ticks); }

void start(uint32_t hertz) {
    running_hertz = hertz;
    mask_line(timer_line);
    if (hertz == 0) return;
    const uint32_t divisor = input_hertz / hertz;
    out8(mode, rate_generator);
    out8(channel_0, static_cast<uint8_t>(divisor));
    out8(channel_0, static_cast<uint8_t>(divisor >> 8));
    set_interrupt_handler(timer_line, tick, nullptr);
    unmask_line(timer_line);
}

void update() {
    const uint32_t hertz = preemption_hertz != 0 ? preemption_hertz : holds != 0 ? idle_hertz : 0;
    if (hertz != running_hertz) start(hertz);
}

}  // namespace

void set_timer(uint32_t hertz) {
    preemption_hertz = hertz;
    update();
}

void hold_timer() {
    ++holds;
    update();
}

void release_timer() {
    --holds;
    update();
}

bool timer_held() { return holds != 0; }
uint32_t timer_ticks() { return ticks; }

}  // namespace guest
