// SPDX-License-Identifier: LGPL-2.1-or-later
// Everything at once under a timer of 10 kHz: whoever is interrupted where, every count must be right afterwards.
#include "guest-kernel/kernel/irq.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/scheduler.hpp"
#include "guest-kernel/kernel/swap_out.hpp"
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/kernel/timer.hpp"
#include "guest-kernel/test/run.hpp"
#include "guest-kernel/test/with_swap.hpp"

namespace guest {
namespace {

constexpr uint32_t hertz = 10000;
constexpr uint32_t roles = 7, copies = 2;
constexpr const char* whole_programs[] = {"test-tokens", "test-send-pages", "test-queued-pages", "test-threads", "test-fast-calls"};

uint32_t free_pages() {
    kmalloc().shrink();
    return zones().free_pages().raw;
}

void all_together(Check& check) {
    constexpr uint32_t pages_needed = 4000;
    if (zones().free_pages().raw < pages_needed) return check.skip("too little memory");
    const uint32_t free = free_pages(), switches = switch_count(), ticks = timer_ticks();
    const InterruptCounts interrupts = interrupt_counts();
    set_timer(hertz);
    int32_t ids[roles * copies + sizeof whole_programs / sizeof whole_programs[0]];
    unsigned started = 0;
    for (uint32_t i = 0; i < roles * copies; ++i) ids[started++] = spawn("test-stress", i % roles);
    for (const char* program : whole_programs) ids[started++] = spawn(program, 0);
    for (unsigned i = 0; i < started; ++i) {
        const int32_t status = wait(ids[i]);
        const bool good = status == 0 || (status == 77 && i + 1 == started);  // no sysenter on this processor
        check.that(good, i < roles * copies ? "a role counts right" : whole_programs[i - roles * copies]);
        if (!good) check.equal(as_word(status), 0, "its status");
    }
    set_timer(0);
    reap_orphans();
    check.equal(processes.size(), 0, "processes left");
    check.that(!timer_held(), "nobody sleeps any more");
    check.equal(free_pages(), free, "free pages");
    check.that(zones().check(), "the zones are sound");
    check.that(switch_count() - switches > 2000, "thousands of switches");
    check.that(timer_ticks() - ticks > 100, "many interrupts");
    check.equal(interrupt_counts().unhandled, interrupts.unhandled, "interrupts that nobody handled");
}

// A fraction of their pages fits into memory at a time.
void all_together_in_swap(Check& check) {
    constexpr uint32_t resident = 30;
    with_swap(check, SwapKind::disk, [&] {
        const uint32_t read_before = swap_counters(SwapKind::disk).read;
        set_resident_limit(resident);
        all_together(check);
        set_resident_limit(0);
        if (!check.skipped()) check.that(swap_counters(SwapKind::disk).read - read_before > 50, "pages came from the disk");
    });
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"stress: sleeping, forking, calling, mapping and killing under a fast timer", all_together},
    {"stress: the same with most pages in swap", all_together_in_swap},
};

}  // namespace
}  // namespace guest
