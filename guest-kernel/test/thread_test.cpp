// SPDX-License-Identifier: LGPL-2.1-or-later
// Threads: one address space, many processes; kernel stacks, their guard and their shortage.
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/scheduler.hpp"
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/test/held_pages.hpp"
#include "guest-kernel/test/run.hpp"

namespace guest {
namespace {

void share_memory(Check& check) { check.equal(as_word(run_to_end("test-threads", 0)), 0, "failed check"); }

void outlive_creator(Check& check) {
    const uint32_t before = zones().free_pages().raw;
    check.equal(as_word(run_to_end("test-leave-early", 0)), 0, "status of the creator");
    check.that(zones().free_pages().raw < before, "the address space lives on");
    while (processes.size() > 0 && boot_process().first_child->state != State::zombie) yield_current();
    check.equal(as_word(boot_process().first_child->exit_status), 0, "status of the thread");
    reap_orphans();
    check.equal(zones().free_pages().raw, before, "free pages after both ended");
}

// More than a page of the process table holds.
void many(Check& check) {
    constexpr uint32_t crowd = 1500;
    if (zones().free_pages().raw < 4 * crowd) return check.skip("too little memory");
    const uint32_t before = zones().free_pages().raw;
    check.equal(as_word(run_to_end("test-crowd", crowd)), 0, "failed check");
    check.equal(zones().free_pages().raw, before, "free pages");
    check.equal(processes.size(), 0, "processes");
}

void nothing(void*) {}

void no_stack(Check& check) {
    const uint32_t before = zones().free_pages().raw;
    {
        HeldPages held;
        static_cast<void>(held.drain(gfp_kernel));
        check.equal(as_word(kernel_thread(nothing, nullptr)), as_word(static_cast<int32_t>(Error::no_memory)), "a thread without a stack");
        check.equal(processes.size(), 0, "processes");
    }
    check.equal(zones().free_pages().raw, before, "free pages");
}

// Free memory in single pages is none for a stack of two, however much it is.
void fragmented(Check& check) {
    if (kernel_stack_bytes == mm::page_size) return check.skip("stacks of one page need no contiguous memory");
    const uint32_t before = zones().free_pages().raw;
    {
        HeldPages held, single, spread;
        // Threads may still take half of what min keeps: more than that must be free in single pages, half of each block.
        const uint32_t blocks = zones().zone(ZoneType::normal).watermarks.min.raw / largest_block + 1;
        mm::Pfn first[8];
        require(blocks <= 8, "a watermark of more than 32 MiB");
        for (uint32_t i = 0; i < blocks; ++i) {
            const Allocation block = zones().allocate(gfp_kernel, max_order - 1);
            if (!block) {
                while (i-- > 0) zones().free(first[i], max_order - 1);
                return check.skip("too little memory");
            }
            first[i] = block.first;
        }
        static_cast<void>(held.drain(gfp_kernel));
        for (uint32_t i = 0; i < blocks; ++i) zones().free(first[i], max_order - 1);
        while (const Allocation page = zones().allocate(gfp_kernel, 0)) (page.first.raw % 2 ? spread : single).hold(page.first);
        while (!spread.empty()) zones().free(spread.take_back(), 0);

        int32_t id = 0;
        while (id >= 0) id = kernel_thread(nothing, nullptr);  // some, from what the watermark spares
        check.equal(as_word(id), as_word(static_cast<int32_t>(Error::no_memory)), "the last thread");
        const Allocation page = zones().allocate(gfp_kernel, 0);
        check.that(static_cast<bool>(page), "there is a page for whom one suffices");
        if (page) zones().free(page.first, 0);
        while (Process* const child = boot_process().first_child) static_cast<void>(wait(child->id));
    }
    check.equal(zones().free_pages().raw, before, "free pages");
}

void guard(Check& check) {
    check.equal(current().guard, stack_guard, "the guard of the boot stack");
    check.equal(current().stack_top() - reinterpret_cast<uint32_t>(&current()), kernel_stack_bytes, "bytes of the stack");
    check.equal(reinterpret_cast<uint32_t>(&current()) % kernel_stack_bytes, 0, "bytes off its alignment");
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"thread: threads share memory, and end alone", share_memory},
    {"thread: the address space goes with its last thread", outlive_creator},
    {"thread: 1500 at once", many},
    {"thread: without lowmem there is no stack", no_stack},
    {"stack: single pages do not make one of two", fragmented},
    {"stack: its size, its alignment, its guard", guard},
};

}  // namespace
}  // namespace guest
