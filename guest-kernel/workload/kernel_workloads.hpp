// SPDX-License-Identifier: LGPL-2.1-or-later
// The workloads that run in ring 0, and those that arrange the kernel's memory before a program runs. Each checks its
// own result and returns false if that is wrong. One that this machine cannot run says so on the console and is good.
#pragma once

#include "guest-kernel/workload/spans.hpp"

namespace guest {

enum class Memory : uint8_t { lowmem, highmem };

// The kmap workloads print what one mapping changes in the kernel's page tables, before the spans.
//
// Persistent kmap, one word written and read back, kunmap: each time another frame, and no wrap of the pool in between.
[[nodiscard]] bool kmap_pages(Span span, Memory memory, uint32_t iterations);

// The same through more frames than the pool has slots, so that it wraps and is flushed.
[[nodiscard]] bool kmap_wrapping(Span span, uint32_t iterations);

// One instance is a whole round of the pool: as many maps as it has slots, and the one global flush.
[[nodiscard]] bool kmap_full_wraps(Span span, uint32_t iterations);

// Atomic kmap, one word written and read back, unmap.
[[nodiscard]] bool kmap_atomic_pages(Span span, Memory memory, uint32_t iterations);

// One page copied to a lowmem page, from lowmem or from HIGHMEM reached by a kmap of either kind: each time another one.
enum class Reach : uint8_t { direct, kmap, kmap_atomic };
[[nodiscard]] bool copy_kernel_pages(Span span, Reach reach, uint32_t iterations);

// A program is started that reads a page of the kernel. Good if that ended it.
[[nodiscard]] bool touch_kernel(Span span);

// A program is started that executes a page of its data. Good if that ended it where entries have the NX bit, else not.
[[nodiscard]] bool run_data(Span span);

// 64 KiB allocated, one word of each page written and read back, freed. Before the spans both print what one more block
// changes in the kernel's page tables, and how many runs of frames it is made of.
[[nodiscard]] bool kmalloc_blocks(Span span, uint32_t iterations);
[[nodiscard]] bool vmalloc_blocks(Span span, uint32_t iterations);

// 64 KiB of the display's frame buffer mapped, a word of each page written and read back, unmapped.
[[nodiscard]] bool ioremap_blocks(Span span, uint32_t iterations);

// One word of each page of 8 MiB read, in order; one word of each of 60 pages all over lowmem.
[[nodiscard]] bool lowmem_near(Span span, uint32_t iterations);
[[nodiscard]] bool lowmem_far(Span span, uint32_t iterations);

// Areas made and freed until their addresses were purged at least once.
[[nodiscard]] bool vmalloc_churn(Span span, uint32_t iterations);

// Threads in fragmented lowmem until there is no stack for one more; prints how many, and what is free then.
[[nodiscard]] bool threads_until_failure(Span span);

// A program forks up to 128 times; with all children there, prints what page tables and lowmem they take.
[[nodiscard]] bool fork_storm(Span span);

// The ring-3 program, all of whose pages are in the given memory, copies page after page from or to the kernel.
[[nodiscard]] bool copy_user_pages(const char* program, Span span, Memory memory, uint32_t iterations);

}  // namespace guest
