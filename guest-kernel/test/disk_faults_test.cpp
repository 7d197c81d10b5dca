// SPDX-License-Identifier: LGPL-2.1-or-later
// The disk's operations for the test that lets each page allocation fail in turn. Without a disk they do nothing.
#include "guest-kernel/kernel/direct_map.hpp"
#include "guest-kernel/kernel/io/disk.hpp"
#include "guest-kernel/kernel/io/disk_file.hpp"
#include "guest-kernel/test/fault_operation.hpp"
#include "guest-kernel/test/run.hpp"

namespace guest {
namespace {

bool cached(const char* program, uint32_t argument) {
    PageCache* const cache = disk_cache();
    if (!cache) return true;
    const bool good = run_to_end(program, argument) == 0;
    return cache->drop() && good;
}

uint32_t file_end() { return probe_data_disk().label.swap_start * mm::page_size; }

// What a killed program's reads hold is free when the drive is done with them: a read queued behind them tells. Its page
// is not allocated, for that might be what fails.
bool asynchronous_reads() {
    alignas(mm::page_size) static char page[mm::page_size];
    if (probe_data_disk().missing) return true;
    const bool good = run_to_end("test-async-calls", 0) == 0;
    return transfer_page(disk_by_pio(), Direction::read, 1, mm::frame_of(physical(page))) == IoStatus::done && good;
}

[[gnu::section(".fault_operations"), gnu::used]] const FaultOperation operations[] = {
    {"read through the page cache", [] { return cached("test-read-disk", file_end()); }},
    {"write through the page cache", [] { return cached("test-write-disk", 0); }},
    {"asynchronous reads", asynchronous_reads},
};

}  // namespace
}  // namespace guest
