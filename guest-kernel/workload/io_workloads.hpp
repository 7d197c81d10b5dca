// SPDX-License-Identifier: LGPL-2.1-or-later
// The workloads of block I/O: like those of kernel_workloads.hpp. What they count, they print as `measure:` lines.
#pragma once

#include "guest-kernel/mm/swap_entry.hpp"
#include "guest-kernel/workload/placed_frames.hpp"
#include "guest-kernel/workload/spans.hpp"

namespace guest {

enum class Way : uint8_t { dma, pio, floppy };

// A page read from a device into a frame at that place, from the request to the wake-up.
[[nodiscard]] bool read_pages(Span span, Way way, Place place, uint32_t iterations);

// The ring-3 program that reads 128 KiB of the disk's file, writes them to another place and syncs.
[[nodiscard]] bool disk_copy(Span span, uint32_t iterations);

// A read completed by an interrupt that another process takes: the program is async-dma or async-pio.
[[nodiscard]] bool async_reads(Span span, const char* program, uint32_t iterations);

// A block of a large inode table used again, after all of them were read once and their inodes fill lowmem.
[[nodiscard]] bool inode_load(Span span, uint32_t iterations);

// A page of a process that waits swapped out.
[[nodiscard]] bool swap_out_pages(Span span, SwapKind kind, uint32_t iterations);

// A turn of one of six processes that together have twice the pages that may stay in memory.
[[nodiscard]] bool swap_storm(Span span, uint32_t iterations);

}  // namespace guest
