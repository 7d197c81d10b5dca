// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads that complete while another process runs, or after their own has ended.
#include "guest-kernel/kernel/io/async_read.hpp"

#include "guest-kernel/kernel/io/disk.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/test/run.hpp"

namespace guest {
namespace {

template <class Run>
void with_disk(Check& check, Run run) {
    if (const char* missing = probe_data_disk().missing) return check.skip(missing);
    static_cast<void>(run_to_end("test-async-calls", 0));  // what stays allocated after the first time, a slab, is there
    const uint32_t before = zones().free_pages().raw;
    run();
    check.equal(zones().free_pages().raw, before, "free pages afterwards");
}

void in_another_process(Check& check) {
    with_disk(check, [&] {
        const char* const programs[] = {"async-dma", "async-pio"};
        for (const char* program : programs) {
            const AsyncCounters counts = async_counters();
            check.equal(as_word(run_to_end(program, 5)), 0, program);
            check.equal(async_counters().completed - counts.completed, 5, "reads completed");
            check.equal(async_counters().elsewhere - counts.elsewhere, 5, "of them in the other process");
        }
    });
}

// The frames are pinned until the drive is done; a read queued behind them tells when that is.
void after_the_end(Check& check) {
    with_disk(check, [&] {
        check.equal(as_word(run_to_end("test-async-exit", 0)), 0, "status");
        const Allocation frame = zones().allocate(gfp_kernel, 0);
        check.that(static_cast<bool>(frame) && transfer_page(disk_by_pio(), Direction::read, 1, frame.first) == IoStatus::done,
                   "a read afterwards");
        if (frame) zones().free(frame.first, 0);
    });
}

void calls(Check& check) {
    with_disk(check, [&] { check.equal(as_word(run_to_end("test-async-calls", 0)), 0, "failed check"); });
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"async read: completed in another process's time", in_another_process},
    {"async read: the reader ends first", after_the_end},
    {"async read: wrong arguments, device errors, copy on write", calls},
};

}  // namespace
}  // namespace guest
