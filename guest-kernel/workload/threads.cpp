// SPDX-License-Identifier: LGPL-2.1-or-later
// Threads until failure in fragmented lowmem: a stack of two pages needs neighbours, a stack of one needs any page.
#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/ipc.hpp"
#include "guest-kernel/kernel/memory_report.hpp"
#include "guest-kernel/kernel/scheduler.hpp"
#include "guest-kernel/workload/frame_block.hpp"
#include "guest-kernel/workload/workload.hpp"

namespace guest {
namespace {

constexpr uint32_t scattered_pages = 64 * 1024;  // of 4 KiB: 256 MiB, or what there is
constexpr uint32_t one_free_in = 4;

// While it lives lowmem's free memory is scattered: all of it was taken, and of the last 256 MiB every fourth page, at
// random, was given back. Large blocks go first, because a load that takes all of 4 GiB page by page would last.
class ScatteredLowmem final {
public:
    ScatteredLowmem() {
        for (unsigned order = max_order; order-- > 0;) take_blocks(order);
        PageList pages;
        while (const Allocation page = zones().allocate(gfp_kernel, 0)) pages.push(zones().frames(), page.first);
        while (!pages.empty()) {
            const mm::Pfn page = pages.pop(zones().frames());
            if (next_random() % one_free_in == 0) zones().free(page, 0);
            else held_.push(zones().frames(), page);
        }
    }
    ~ScatteredLowmem() {
        while (!held_.empty()) {
            const mm::Pfn block = held_.pop(zones().frames());
            zones().free(block, zones().frames()[block].order);
        }
    }
    ScatteredLowmem(const ScatteredLowmem&) = delete;
    ScatteredLowmem& operator=(const ScatteredLowmem&) = delete;

private:
    static uint32_t free_lowmem() {
        return zones().zone(ZoneType::normal).buddy().free_pages().raw + zones().zone(ZoneType::dma).buddy().free_pages().raw;
    }
    void take_blocks(unsigned order) {
        while (free_lowmem() > scattered_pages + block_pages(order).raw) {
            const Allocation block = zones().allocate(gfp_kernel, order);
            if (!block) return;
            held_.push(zones().frames(), block.first);
        }
    }
    uint32_t next_random() { return (random_ = random_ * 1664525 + 1013904223) >> 16; }  // Knuth's and Lewis' constants

    PageList held_;
    uint32_t random_ = 1;
};

uint32_t lowmem_blocks(unsigned order) {
    return zones().zone(ZoneType::normal).buddy().free_blocks(order) + zones().zone(ZoneType::dma).buddy().free_blocks(order);
}

// What is free when no more threads can be made, beside how many there are.
void print_measures(uint32_t threads) {
    const char* const kind = kernel_stack_bytes == large_stack_bytes ? "threads-8k" : "threads-4k";
    uint32_t single = lowmem_blocks(0), larger = 0;
    for (unsigned order = 1; order < max_order; ++order) larger += lowmem_blocks(order) << order;
    print("measure: ", kind, " ", threads, " threads\n");
    print("measure: ", kind, "-free-order-0 ", single, " pages\n");
    print("measure: ", kind, "-free-larger ", larger, " pages\n");
    print_buddyinfo();
}

}  // namespace

// The program makes threads until it is refused one, says so with a token, and joins them all when it gets one back.
bool threads_until_failure(Span span) {
    kmalloc().shrink();
    const uint32_t before = zones().free_pages().raw;
    bool good;
    {
        const ScatteredLowmem scattered;
        const uint32_t others = processes.size();
        const int32_t program = spawn("threads", Order{span, 0}.packed());
        if (program < 0) return print("threads: no memory for the program\n"), false;
        take_token();
        print_measures(processes.size() - others - 1);
        good = post_token(program) == 0 && wait(program) == 0 && processes.size() == others;
    }
    kmalloc().shrink();
    return good && zones().free_pages().raw == before;
}

}  // namespace guest
