// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads that go on while their process does something else, or sleeps: the page is pinned, and filled in whichever process
// runs when the drive is ready. Linux' io_submit and io_getevents with O_DIRECT.
//
//   start_read: page writable, not shared -> pinned -> queued     interrupt, in another process: DMA is done, or PIO's kmap
//   finish_read: sleeps until then; the status                    -> unpinned
#pragma once

#include "guest-kernel/abi.hpp"
#include "guest-kernel/kernel/io/block.hpp"

namespace guest {

struct Process;

// Queues a read of the data disk's block into the current process's page at `to`, a page boundary. 0, or an Error:
// bad_address, bad_argument (no page boundary), no_memory, no_device.
[[nodiscard]] int32_t start_read(mm::VirtAddr to, uint32_t block, DiskWay way);

// Sleeps until the read into this page is complete: 0, or an Error: bad_argument (there is none), io.
[[nodiscard]] int32_t finish_read(mm::VirtAddr to);

// The process ends: its reads go on, into pages that nobody sees any more, and are then forgotten.
void abandon_reads(const Process& dead);

struct AsyncCounters {
    uint32_t completed;
    uint32_t elsewhere;  // while another process than the reader was running
};
const AsyncCounters& async_counters();

}  // namespace guest
