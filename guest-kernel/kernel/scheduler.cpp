// SPDX-License-Identifier: LGPL-2.1-or-later
// The run queue and the switch.
#include "guest-kernel/kernel/scheduler.hpp"

#include "guest-kernel/arch/cr.hpp"
#include "guest-kernel/arch/crossing.hpp"
#include "guest-kernel/arch/stack.hpp"
#include "guest-kernel/kernel/irq.hpp"
#include "guest-kernel/kernel/timer.hpp"
#include "guest-kernel/mm/require.hpp"

namespace guest {
namespace {

Process* first = nullptr;
Process* last = nullptr;
uint32_t switches = 0;

// On the stack of whoever went to sleep last. Only an interrupt can make somebody ready now.
[[gnu::noinline]] void idle() {
    do {
        require(device_interrupts_expected() || timer_held(), "deadlock: every process waits and no interrupt will come");
        wait_for_interrupt();
    } while (!first);
}

}  // namespace

void make_ready(Process& p) {
    p.next = nullptr;
    if (last) last->next = &p;
    else first = &p;
    last = &p;
}

void schedule() {
    if (!first) idle();
    Process& next = *first;
    first = next.next;
    if (!first) last = nullptr;
    switch_to(next);
}

void yield_current() {
    if (!first) return;
    make_ready(current());
    schedule();
}

void yield_or_idle() {
    if (!first) idle();
    yield_current();
}

// A process without an address space runs in whichever is loaded. CR3 is written only when the space changes.
void switch_to(Process& next) {
    Process& previous = current();
    if (&next == &previous) return;
    ++switches;
    require(previous.guard == stack_guard, "a kernel stack ran over");
    set_kernel_stack(next.stack_top());
    if (next.space && next.space->cr3() != user_tables()) set_user_tables(next.space->cr3());
    switch_stack(&previous.saved_stack, next.saved_stack);
}

uint32_t switch_count() { return switches; }

}  // namespace guest
