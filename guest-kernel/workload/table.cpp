// SPDX-License-Identifier: LGPL-2.1-or-later
// All workloads, in the order in which `all` runs them.
#include "guest-kernel/workload/io_workloads.hpp"
#include "guest-kernel/arch/cpuid.hpp"
#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/workload/kernel_workloads.hpp"
#include "guest-kernel/workload/workload.hpp"

namespace guest {
namespace {

bool ring3(const char* program, Span span, uint32_t iterations) {
    return run_program(program, Order{span, iterations}.packed());
}

bool null_sysenter() {
    if (cpu_has(Feature::sep)) return ring3("null-sysenter", Span::null_sysenter, 1000);
    return print("workload null-sysenter skipped: this processor has no sysenter, or nosep turned it off\n"), true;
}

bool stride_128m() {
    constexpr uint32_t pages_needed = 34000;  // with tables and what the zones keep
    if (zones().free_pages().raw >= pages_needed) return ring3("stride", Span::stride_128m, 4096);
    return print("workload stride-128m skipped: it needs 128 MiB\n"), true;
}

constexpr const char* from_user = "copy-from-user";
constexpr const char* to_user = "copy-to-user";

[[gnu::section(".workloads"), gnu::used]] const Workload workloads[] = {
    {name(Span::null_syscall), "int 0x80 and back; the kernel returns the parent's id",
     [] { return ring3("null-syscall", Span::null_syscall, 1000); }},
    {name(Span::null_sysenter), "sysenter and sysexit; the kernel returns the parent's id", null_sysenter},
    {name(Span::touch_kernel), "a program started that reads a page of the kernel, until it was killed for it",
     [] { return touch_kernel(Span::touch_kernel); }},
    {name(Span::run_data), "a program started that executes a page of data, until it ends or was killed for it",
     [] { return run_data(Span::run_data); }},
    {name(Span::ctx_2p_0k), "a token passed to the next of 2 processes",
     [] { return ring3("ctx-ring", Span::ctx_2p_0k, 400); }},
    {name(Span::ctx_2p_16k), "a token passed to the next of 2 processes, which sums 16 KiB",
     [] { return ring3("ctx-ring", Span::ctx_2p_16k, 100); }},
    {name(Span::ctx_2p_64k), "a token passed to the next of 2 processes, which sums 64 KiB",
     [] { return ring3("ctx-ring", Span::ctx_2p_64k, 100); }},
    {name(Span::ctx_2p_256k), "a token passed to the next of 2 processes, which sums 256 KiB",
     [] { return ring3("ctx-ring", Span::ctx_2p_256k, 40); }},
    {name(Span::ctx_8p_0k), "a token passed to the next of 8 processes",
     [] { return ring3("ctx-ring", Span::ctx_8p_0k, 400); }},
    {name(Span::ctx_8p_64k), "a token passed to the next of 8 processes, which sums 64 KiB",
     [] { return ring3("ctx-ring", Span::ctx_8p_64k, 100); }},
    {name(Span::pagefault), "first touch of an anonymous page",
     [] { return ring3("pagefault", Span::pagefault, 400); }},
    {name(Span::mmap), "160 KiB mapped, every tenth page touched, unmapped",
     [] { return ring3("mmap", Span::mmap, 200); }},
    {name(Span::brk), "the heap grown by 160 KiB, every tenth page touched, shrunk",
     [] { return ring3("brk", Span::brk, 200); }},
    {name(Span::fork), "a process forked that ends at once, and waited for",
     [] { return ring3("fork", Span::fork, 200); }},
    {name(Span::exec), "a process forked that becomes another program and ends, and waited for",
     [] { return ring3("exec", Span::exec, 100); }},
    {name(Span::fork_storm), "a process forked that writes to a page in each of eight tables and stays",
     [] { return fork_storm(Span::fork_storm); }},
    {name(Span::user_room), "a mapping tried: how much a program can map",
     [] { return ring3("user-room", Span::user_room, 0); }},
    {name(Span::ipc), "a call to another process and its reply",
     [] { return ring3("ipc", Span::ipc, 400); }},
    {name(Span::ipc_copy), "a call that carries 16 KiB, copied to the receiver, and its reply",
     [] { return ring3("ipc-pages", Span::ipc_copy, 200); }},
    {name(Span::ipc_map), "a call that carries 4 pages, mapped at both ends, and its reply",
     [] { return ring3("ipc-pages", Span::ipc_map, 200); }},
    {name(Span::ipc_grant), "a call that grants 4 pages, and a reply that grants them back",
     [] { return ring3("ipc-pages", Span::ipc_grant, 200); }},
    {name(Span::thread), "a thread made, run to its end and joined",
     [] { return ring3("thread", Span::thread, 400); }},
    {name(Span::threads), "a thread made, until there is no stack for one more",
     [] { return threads_until_failure(Span::threads); }},
    {name(Span::copy_from_user_low), "a page copied from a process in lowmem",
     [] { return copy_user_pages(from_user, Span::copy_from_user_low, Memory::lowmem, 200); }},
    {name(Span::copy_from_user_high), "a page copied from a process in HIGHMEM",
     [] { return copy_user_pages(from_user, Span::copy_from_user_high, Memory::highmem, 200); }},
    {name(Span::copy_to_user_low), "a page copied to a process in lowmem",
     [] { return copy_user_pages(to_user, Span::copy_to_user_low, Memory::lowmem, 200); }},
    {name(Span::copy_to_user_high), "a page copied to a process in HIGHMEM",
     [] { return copy_user_pages(to_user, Span::copy_to_user_high, Memory::highmem, 200); }},
    {name(Span::kmap), "a HIGHMEM page mapped in the pool, a word written and read, unmapped",
     [] { return kmap_pages(Span::kmap, Memory::highmem, 400); }},
    {name(Span::kmap_low), "the same for a lowmem page: nothing to map",
     [] { return kmap_pages(Span::kmap_low, Memory::lowmem, 400); }},
    {name(Span::kmap_wrap), "as kmap, through more pages than the pool holds: two global flushes",
     [] { return kmap_wrapping(Span::kmap_wrap, 2048); }},
    {name(Span::kmap_full_wrap), "as many pages mapped as the pool has slots, and the global flush of the wrap",
     [] { return kmap_full_wraps(Span::kmap_full_wrap, 16); }},
    {name(Span::kmap_atomic), "a HIGHMEM page mapped at a fixed address, a word written and read, unmapped",
     [] { return kmap_atomic_pages(Span::kmap_atomic, Memory::highmem, 400); }},
    {name(Span::kmap_atomic_low), "the same for a lowmem page: nothing to map",
     [] { return kmap_atomic_pages(Span::kmap_atomic_low, Memory::lowmem, 400); }},
    {name(Span::copy_page_low), "a lowmem page copied to another one",
     [] { return copy_kernel_pages(Span::copy_page_low, Reach::direct, 400); }},
    {name(Span::copy_page_kmap), "a HIGHMEM page copied to a lowmem page through the pool",
     [] { return copy_kernel_pages(Span::copy_page_kmap, Reach::kmap, 400); }},
    {name(Span::copy_page_atomic), "a HIGHMEM page copied to a lowmem page through a fixed address",
     [] { return copy_kernel_pages(Span::copy_page_atomic, Reach::kmap_atomic, 400); }},
    {name(Span::disk_dma), "a page of the disk read by bus-master DMA into ZONE_DMA",
     [] { return read_pages(Span::disk_dma, Way::dma, Place::dma, 200); }},
    {name(Span::disk_normal), "a page of the disk read by bus-master DMA into ZONE_NORMAL",
     [] { return read_pages(Span::disk_normal, Way::dma, Place::normal, 200); }},
    {name(Span::disk_highmem), "a page of the disk read by bus-master DMA into HIGHMEM",
     [] { return read_pages(Span::disk_highmem, Way::dma, Place::highmem, 200); }},
    {name(Span::disk_above_4g), "a page of the disk read by bus-master DMA into memory above 4 GiB",
     [] { return read_pages(Span::disk_above_4g, Way::dma, Place::above_4g, 200); }},
    {name(Span::pio_dma), "a page of the disk read by the processor, at the drive's interrupt, into ZONE_DMA",
     [] { return read_pages(Span::pio_dma, Way::pio, Place::dma, 200); }},
    {name(Span::pio_normal), "a page of the disk read by the processor, at the drive's interrupt, into ZONE_NORMAL",
     [] { return read_pages(Span::pio_normal, Way::pio, Place::normal, 200); }},
    {name(Span::pio_highmem), "a page of the disk read by the processor, at the drive's interrupt, into HIGHMEM",
     [] { return read_pages(Span::pio_highmem, Way::pio, Place::highmem, 200); }},
    {name(Span::pio_above_4g), "a page of the disk read by the processor, at the drive's interrupt, into memory above 4 GiB",
     [] { return read_pages(Span::pio_above_4g, Way::pio, Place::above_4g, 200); }},
    {name(Span::floppy_dma), "a page of the floppy read by ISA DMA into ZONE_DMA",
     [] { return read_pages(Span::floppy_dma, Way::floppy, Place::dma, 32); }},
    {name(Span::floppy_normal), "a page of the floppy read by ISA DMA into ZONE_NORMAL",
     [] { return read_pages(Span::floppy_normal, Way::floppy, Place::normal, 32); }},
    {name(Span::floppy_highmem), "a page of the floppy read by ISA DMA into HIGHMEM",
     [] { return read_pages(Span::floppy_highmem, Way::floppy, Place::highmem, 32); }},
    {name(Span::floppy_above_4g), "a page of the floppy read by ISA DMA into memory above 4 GiB",
     [] { return read_pages(Span::floppy_above_4g, Way::floppy, Place::above_4g, 32); }},
    {name(Span::async_dma), "the interrupt that ends another process's read by DMA",
     [] { return async_reads(Span::async_dma, "async-dma", 100); }},
    {name(Span::async_pio), "the interrupt that moves another process's page by PIO",
     [] { return async_reads(Span::async_pio, "async-pio", 100); }},
    {name(Span::disk_copy), "128 KiB read from the disk's file and written to another place, through the page cache",
     [] { return disk_copy(Span::disk_copy, 32); }},
    {name(Span::buffers), "a cached block of inodes used again, after so many others that lowmem may not hold all inodes",
     [] { return inode_load(Span::buffers, 1000); }},
    {name(Span::not_current_dma), "a page of a process that waits written to the swap area by bus-master DMA",
     [] { return swap_out_pages(Span::not_current_dma, SwapKind::disk, 200); }},
    {name(Span::not_current_compress), "a page of a process that waits compressed into lowmem",
     [] { return swap_out_pages(Span::not_current_compress, SwapKind::compressed, 200); }},
    {name(Span::swap_storm), "a turn of one of 6 processes that touches its 36 pages, while half of all pages must be in swap",
     [] { return swap_storm(Span::swap_storm, 30); }},
    {name(Span::kmalloc), "64 KiB of contiguous lowmem allocated, each page touched, freed",
     [] { return kmalloc_blocks(Span::kmalloc, 200); }},
    {name(Span::vmalloc), "64 KiB of scattered pages allocated and mapped, each page touched, freed",
     [] { return vmalloc_blocks(Span::vmalloc, 200); }},
    {name(Span::vmalloc_churn), "an area of 1 to 16 pages freed and another made, among 32; freed addresses are purged in bulk",
     [] { return vmalloc_churn(Span::vmalloc_churn, 2000); }},
    {name(Span::ioremap), "64 KiB of the frame buffer mapped, each page touched, unmapped",
     [] { return ioremap_blocks(Span::ioremap, 200); }},
    {name(Span::lowmem_near), "a word of each page of 8 MiB of lowmem read, in order",
     [] { return lowmem_near(Span::lowmem_near, 50); }},
    {name(Span::lowmem_far), "a word of each of 60 pages all over lowmem read",
     [] { return lowmem_far(Span::lowmem_far, 400); }},
    {name(Span::touch_60), "one byte of each of 60 pages read",
     [] { return ring3("touch-60", Span::touch_60, 400); }},
    {name(Span::touch_60_1000hz), "the same while the timer interrupts 1000 times a second",
     [] { return ring3("touch-60", Span::touch_60_1000hz, 2000); }},
    {name(Span::tlb_16), "a chain through one word of each of 16 pages, eight times",
     [] { return ring3("tlb", Span::tlb_16, 20); }},
    {name(Span::tlb_32), "a chain through one word of each of 32 pages, eight times",
     [] { return ring3("tlb", Span::tlb_32, 20); }},
    {name(Span::tlb_48), "a chain through one word of each of 48 pages, eight times",
     [] { return ring3("tlb", Span::tlb_48, 20); }},
    {name(Span::tlb_64), "a chain through one word of each of 64 pages, eight times",
     [] { return ring3("tlb", Span::tlb_64, 20); }},
    {name(Span::tlb_80), "a chain through one word of each of 80 pages, eight times",
     [] { return ring3("tlb", Span::tlb_80, 20); }},
    {name(Span::tlb_128), "a chain through one word of each of 128 pages, eight times",
     [] { return ring3("tlb", Span::tlb_128, 20); }},
    {name(Span::tlb_256), "a chain through one word of each of 256 pages, eight times",
     [] { return ring3("tlb", Span::tlb_256, 20); }},
    {name(Span::tlb_dense_64), "a chain through 64 lines, 64 in each page, eight times",
     [] { return ring3("tlb", Span::tlb_dense_64, 20); }},
    {name(Span::tlb_dense_256), "a chain through 256 lines, 64 in each page, eight times",
     [] { return ring3("tlb", Span::tlb_dense_256, 20); }},
    {name(Span::stride_128m), "one byte of each of 8 neighbours among 32768 pages, in turn", stride_128m},
};
static_assert(sizeof workloads / sizeof workloads[0] == static_cast<unsigned>(Span::count_), "a span without a workload");

}  // namespace
}  // namespace guest
