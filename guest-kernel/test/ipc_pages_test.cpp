// SPDX-License-Identifier: LGPL-2.1-or-later
// Messages with pages, and processes that are killed whatever they wait for. Whoever got what, all memory comes back.
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/scheduler.hpp"
#include "guest-kernel/kernel/swap_out.hpp"
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/kernel/wait_queue.hpp"
#include "guest-kernel/test/run.hpp"
#include "guest-kernel/test/with_swap.hpp"

namespace guest {
namespace {

// Children that outlive their parent may sleep for a while.
void wait_for_orphans() {
    WaitQueue nobody;
    for (reap_orphans(); processes.size() != 0; reap_orphans()) static_cast<void>(sleep_for(nobody, 1));
}

void run(Check& check, const char* program, int32_t expected) {
    const uint32_t before = zones().free_pages().raw;
    check.equal(as_word(run_to_end(program, 0)), as_word(expected), "failed check");
    wait_for_orphans();
    check.equal(zones().free_pages().raw, before, "free pages");
}

void send_pages(Check& check) { run(check, "test-send-pages", 0); }
void queued_pages(Check& check) { run(check, "test-queued-pages", 0); }
void queued_copy(Check& check) { run(check, "test-queued-copy", 0); }
void kill_all(Check& check) { run(check, "test-kill", killed_by_request); }

// Most pages are on the disk when they are wanted: hand-overs sleep, and others run.
void swapped_pages(Check& check) {
    constexpr uint32_t resident = 24, copies = 3;
    with_swap(check, SwapKind::disk, [&] {
        const uint32_t read_before = swap_counters(SwapKind::disk).read;
        set_resident_limit(resident);
        int32_t ids[2 * copies];
        for (uint32_t i = 0; i < 2 * copies; ++i) ids[i] = spawn(i % 2 == 0 ? "test-send-pages" : "test-queued-pages", 0);
        for (int32_t id : ids) check.equal(as_word(wait(id)), 0, "failed check");
        set_resident_limit(0);
        wait_for_orphans();
        check.that(swap_counters(SwapKind::disk).read != read_before, "pages came from the disk");
    });
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"ipc: pages are copied, shared and granted", send_pages},
    {"ipc: pages of a call that waits", queued_pages},
    {"ipc: a copy where a shared page was", queued_copy},
    {"ipc: pages that are in swap", swapped_pages},
    {"kill: whatever a process waits for", kill_all},
};

}  // namespace
}  // namespace guest
