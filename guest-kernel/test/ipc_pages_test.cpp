// SPDX-License-Identifier: LGPL-2.1-or-later
// Messages with pages, and processes that are killed whatever they wait for. Whoever got what, all memory comes back.
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/scheduler.hpp"
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/kernel/wait_queue.hpp"
#include "guest-kernel/test/run.hpp"

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
void kill_all(Check& check) { run(check, "test-kill", killed_by_request); }

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"ipc: pages are copied, shared and granted", send_pages},
    {"ipc: pages of a call that waits", queued_pages},
    {"kill: whatever a process waits for", kill_all},
};

}  // namespace
}  // namespace guest
