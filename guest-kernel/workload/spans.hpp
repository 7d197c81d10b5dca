// SPDX-License-Identifier: LGPL-2.1-or-later
// The measured operations: every span's id and the name it is published under, the only place that lists them. A
// workload has one span of its own name, and one instance of it per iteration.
#pragma once

#include <stdint.h>

namespace guest {

enum class Span : uint16_t {
    null_syscall,
    null_sysenter,
    touch_kernel,
    run_data,
    ctx_2p_0k,
    ctx_2p_16k,
    ctx_2p_64k,
    ctx_2p_256k,
    ctx_8p_0k,
    ctx_8p_64k,
    pagefault,
    mmap,
    brk,
    fork,
    exec,
    fork_storm,
    user_room,
    ipc,
    ipc_copy,
    ipc_map,
    ipc_grant,
    thread,
    threads,
    copy_from_user_low,
    copy_from_user_high,
    copy_to_user_low,
    copy_to_user_high,
    kmap,
    kmap_low,
    kmap_wrap,
    kmap_full_wrap,
    kmap_atomic,
    kmap_atomic_low,
    copy_page_low,
    copy_page_kmap,
    copy_page_atomic,
    disk_dma,
    disk_normal,
    disk_highmem,
    disk_above_4g,
    pio_dma,
    pio_normal,
    pio_highmem,
    pio_above_4g,
    floppy_dma,
    floppy_normal,
    floppy_highmem,
    floppy_above_4g,
    async_dma,
    async_pio,
    disk_copy,
    buffers,
    not_current_dma,
    not_current_compress,
    swap_storm,
    kmalloc,
    vmalloc,
    vmalloc_churn,
    ioremap,
    lowmem_near,
    lowmem_far,
    touch_60,
    touch_60_1000hz,
    tlb_16,
    tlb_32,
    tlb_48,
    tlb_64,
    tlb_80,
    tlb_128,
    tlb_256,
    tlb_dense_64,
    tlb_dense_256,
    stride_128m,
    count_,
};

inline constexpr const char* span_names[] = {
    "null-syscall",
    "null-sysenter",
    "touch-kernel",
    "run-data",
    "ctx-2p-0k",
    "ctx-2p-16k",
    "ctx-2p-64k",
    "ctx-2p-256k",
    "ctx-8p-0k",
    "ctx-8p-64k",
    "pagefault",
    "mmap",
    "brk",
    "fork",
    "exec",
    "fork-storm",
    "user-room",
    "ipc",
    "ipc-copy",
    "ipc-map",
    "ipc-grant",
    "thread",
    "threads",
    "copy-from-user-low",
    "copy-from-user-high",
    "copy-to-user-low",
    "copy-to-user-high",
    "kmap",
    "kmap-low",
    "kmap-wrap",
    "kmap-full-wrap",
    "kmap-atomic",
    "kmap-atomic-low",
    "copy-page-low",
    "copy-page-kmap",
    "copy-page-atomic",
    "disk-dma",
    "disk-normal",
    "disk-highmem",
    "disk-above4g",
    "pio-dma",
    "pio-normal",
    "pio-highmem",
    "pio-above4g",
    "floppy-dma",
    "floppy-normal",
    "floppy-highmem",
    "floppy-above4g",
    "async-dma",
    "async-pio",
    "disk-copy",
    "buffers",
    "not-current-dma",
    "not-current-compress",
    "swap-storm",
    "kmalloc",
    "vmalloc",
    "vmalloc-churn",
    "ioremap",
    "lowmem-near",
    "lowmem-far",
    "touch-60",
    "touch-60-1000hz",
    "tlb-16",
    "tlb-32",
    "tlb-48",
    "tlb-64",
    "tlb-80",
    "tlb-128",
    "tlb-256",
    "tlb-dense-64",
    "tlb-dense-256",
    "stride-128m",
};
static_assert(sizeof(span_names) / sizeof(span_names[0]) == static_cast<unsigned>(Span::count_));

constexpr bool same_text(const char* a, const char* b) {
    while (*a != '\0' && *a == *b) ++a, ++b;
    return *a == *b;
}
static_assert([] {
    for (const char* const& one : span_names)
        for (const char* const& other : span_names)
            if (&one != &other && same_text(one, other)) return false;
    return true;
}(), "two spans of one name");

constexpr const char* name(Span s) { return span_names[static_cast<unsigned>(s)]; }

// What a program that serves several workloads is told: which span, and how many iterations.
struct Order {
    Span span;
    uint32_t iterations;  // below 65536

    constexpr uint32_t packed() const { return static_cast<uint32_t>(span) << 16 | iterations; }
    static constexpr Order unpack(uint32_t word) { return {static_cast<Span>(word >> 16), word & 0xFFFF}; }
};
static_assert(Order::unpack(Order{Span::touch_60, 1000}.packed()).iterations == 1000);

}  // namespace guest
