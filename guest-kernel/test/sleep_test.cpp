// SPDX-License-Identifier: LGPL-2.1-or-later
// Sleeping: wait queues, time limits, the idle loop, and processes that run in ring 0 alone.
#include "guest-kernel/kernel/irq.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/scheduler.hpp"
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/kernel/timer.hpp"
#include "guest-kernel/kernel/wait_queue.hpp"
#include "guest-kernel/test/run.hpp"

namespace guest {
namespace {

constexpr unsigned sleepers = 3;

struct Shared {
    WaitQueue queue;
    bool open = false;       // what the sleepers wait for
    uint32_t arrivals[sleepers] = {};
    unsigned arrived = 0;
    unsigned wakings = 0;    // returns from sleep(), in time or not
};

void pass_gate(void* context) {
    Shared& s = *static_cast<Shared*>(context);
    while (!s.open) sleep(s.queue), ++s.wakings;
    s.arrivals[s.arrived++] = static_cast<uint32_t>(current().id);
}

void wake(Check& check) {
    Shared s;
    int32_t ids[sleepers];
    for (int32_t& id : ids) id = kernel_thread(pass_gate, &s);
    yield_current();
    check.that(!s.queue.empty() && s.arrived == 0, "all sleep");
    wake_one(s.queue);
    yield_current();
    check.equal(s.wakings, 1, "sleepers that wake_one woke");
    s.open = true;
    wake_all(s.queue);
    check.that(s.queue.empty(), "the queue is empty");
    for (int32_t id : ids) check.equal(as_word(wait(id)), 0, "status of a sleeper");
    check.equal(s.wakings, 1 + sleepers, "sleepers that woke");
    // The one that woke too early went to the end of the queue.
    for (unsigned i = 0; i < sleepers; ++i)
        check.equal(s.arrivals[i], as_word(ids[(i + 1) % sleepers]), "who came through the gate");
}

// Nobody is ready meanwhile: this is the idle loop, entered from ring 0.
void time_limit(Check& check) {
    WaitQueue queue;
    const uint32_t start = timer_ticks();
    check.that(!sleep_for(queue, 3), "nobody wakes the sleeper");
    check.equal(timer_ticks() - start, 3, "ticks slept");
    check.that(!timer_held() && queue.empty(), "nothing is left behind");
    check.equal(as_word(run_to_end("test-sleep", 2)), 0, "status of a program that sleeps");
}

void open_gate(void* context) {
    Shared& s = *static_cast<Shared*>(context);
    s.open = true;
    wake_all(s.queue);
}

void woken_in_time(Check& check) {
    Shared s;
    const uint32_t start = timer_ticks();
    const int32_t opener = kernel_thread(open_gate, &s);
    check.that(sleep_for(s.queue, 1000), "woken before the limit");
    check.that(s.open && !timer_held(), "the timer is free again");
    check.that(timer_ticks() - start < 1000, "without waiting for it");
    check.equal(as_word(wait(opener)), 0, "status of who woke");
}

// Three sleepers of different lengths wake in that order, whatever the order in which they lay down.
void sleep_by_turns(void* context) {
    Shared& s = *static_cast<Shared*>(context);
    WaitQueue queue;
    const unsigned mine = s.wakings++;
    static_cast<void>(sleep_for(queue, 6 - 2 * mine));
    s.arrivals[s.arrived++] = mine;
}

void limits_in_order(Check& check) {
    Shared s;
    int32_t ids[sleepers];
    for (int32_t& id : ids) id = kernel_thread(sleep_by_turns, &s);
    for (int32_t id : ids) check.equal(as_word(wait(id)), 0, "status of a sleeper");
    for (unsigned i = 0; i < sleepers; ++i) check.equal(s.arrivals[i], sleepers - 1 - i, "who woke");
}

void interrupts_counted(Check& check) {
    const InterruptCounts before = interrupt_counts();
    WaitQueue queue;
    static_cast<void>(sleep_for(queue, 2));
    check.equal(interrupt_counts().taken - before.taken - (interrupt_counts().spurious - before.spurious), 2, "interrupts taken");
    check.equal(interrupt_counts().unhandled, 0, "interrupts without a handler");
    check.that(!device_interrupts_expected(), "no device is waited for");
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"sleep: wake one, wake all", wake},
    {"sleep: a time limit, in an idle machine", time_limit},
    {"sleep: woken before the limit", woken_in_time},
    {"sleep: limits end in their order", limits_in_order},
    {"irq: the timer's interrupts are counted", interrupts_counted},
};

}  // namespace
}  // namespace guest
