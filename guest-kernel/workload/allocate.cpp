// SPDX-License-Identifier: LGPL-2.1-or-later
// The same 64 KiB by the direct map and by page tables: kmalloc against vmalloc.
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/workload/kernel_workloads.hpp"
#include "guest-kernel/workload/measure.hpp"
#include "guest-kernel/workload/table_census.hpp"

namespace guest {
namespace {

constexpr uint32_t block_bytes = 64 * 1024;

bool touch_pages(char* block, uint32_t value) {
    for (uint32_t at = 0; at < block_bytes; at += mm::page_size) *reinterpret_cast<volatile uint32_t*>(block + at) = value + at;
    for (uint32_t at = 0; at < block_bytes; at += mm::page_size)
        if (*reinterpret_cast<volatile uint32_t*>(block + at) != value + at) return false;
    return true;
}

// Holds blocks until the one that is next to be handed out has a buddy in use: it is then neither split off nor joined,
// and the measured path is the same however the zone looks.
class SteadyBlock final {
public:
    explicit SteadyBlock(unsigned order) : order_{order} {
        Allocation last = zones().allocate(gfp_kernel, order);
        while (last) {
            held_.push(zones().frames(), last.first);
            const Allocation next = zones().allocate(gfp_kernel, order);
            if (next && next.first.raw == (last.first.raw ^ block_pages(order).raw)) {
                zones().free(next.first, order);
                return;
            }
            last = next;
        }
    }
    ~SteadyBlock() {
        while (!held_.empty()) zones().free(held_.pop(zones().frames()), order_);
    }
    SteadyBlock(const SteadyBlock&) = delete;
    SteadyBlock& operator=(const SteadyBlock&) = delete;

private:
    unsigned order_;
    PageList held_;
};

// Of twice a block's pages every second one is free again, and next to be handed out: memory as it is after a while.
class Scattered final {
public:
    Scattered() {
        PageList freed;
        for (uint32_t i = 0; i < 2 * block_bytes / mm::page_size; ++i) {
            const Allocation page = zones().allocate(gfp_highuser, 0);
            if (page) (i % 2 == 0 ? held_ : freed).push(zones().frames(), page.first);
        }
        while (!freed.empty()) zones().free(freed.pop(zones().frames()), 0);
    }
    ~Scattered() {
        while (!held_.empty()) zones().free(held_.pop(zones().frames()), 0);
    }
    Scattered(const Scattered&) = delete;
    Scattered& operator=(const Scattered&) = delete;

private:
    PageList held_;
};

// What one more block of each kind changes in the page tables, and what its frames are.
bool show_kmalloc(Span span) {
    const uint32_t before = present_entries();
    void* const block = kmalloc().allocate(block_bytes);
    if (block == nullptr) return false;
    print_new_entries(name(span), before);
    print_runs(name(span), mm::VirtAddr{reinterpret_cast<uint32_t>(block)}, block_bytes);
    kmalloc().free(block);
    return true;
}

bool show_vmalloc(Span span) {
    const Scattered scattered;
    const uint32_t before = present_entries();
    const Maybe<mm::VirtAddr> block = vmalloc().allocate(block_bytes);
    if (!block) return false;
    print_new_entries(name(span), before);
    print_runs(name(span), *block, block_bytes);
    vmalloc().free(*block);
    vmalloc().purge();
    return true;
}

}  // namespace

bool kmalloc_blocks(Span span, uint32_t iterations) {
    if (!show_kmalloc(span)) return false;
    const SteadyBlock steady{4};
    const mm::Pages before = zones().free_pages();
    return measure(span, iterations, [](uint32_t i) {
               auto* const block = static_cast<char*>(kmalloc().allocate(block_bytes));
               if (block == nullptr) return false;
               const bool good = touch_pages(block, i);
               kmalloc().free(block);
               return good;
           }) &&
           zones().free_pages() == before;
}

// Every iteration gets fresh addresses, for freed ones are lazy. The page tables stay once they exist: the same round is
// run first without spans, so that the measured one finds them all.
bool vmalloc_blocks(Span span, uint32_t iterations) {
    const auto once = [](uint32_t i) {
        const Maybe<mm::VirtAddr> block = vmalloc().allocate(block_bytes);
        if (!block) return false;
        const bool good = touch_pages(reinterpret_cast<char*>((*block).raw), i);
        vmalloc().free(*block);
        return good;
    };
    vmalloc().purge();
    for (uint32_t i = 0; i < warm_up_iterations + iterations; ++i)
        if (!once(i)) return false;
    vmalloc().purge();
    const mm::Pages before = zones().free_pages();
    const uint32_t purges = vmalloc().purges();
    const bool good = measure(span, iterations, once) && vmalloc().purges() == purges && zones().free_pages() == before;
    vmalloc().purge();
    return good && vmalloc().areas().check() && show_vmalloc(span);
}

// One instance of the span is one area freed and another made, of 1 to 16 pages, in no order; many areas live meanwhile.
// The instances that meet the purge have the largest counts.
bool vmalloc_churn(Span span, uint32_t iterations) {
    constexpr uint32_t held = 32, largest = 16;
    mm::VirtAddr areas[held];
    uint32_t random = 1;
    const auto next = [&random] { return (random = random * 1103515245 + 12345) >> 16; };  // the C standard's example
    const auto allocate = [&](mm::VirtAddr& area) {
        const Maybe<mm::VirtAddr> got = vmalloc().allocate((1 + next() % largest) * mm::page_size);
        if (got) area = *got;
        return static_cast<bool>(got);
    };
    for (mm::VirtAddr& area : areas)
        if (!allocate(area)) return false;
    const uint32_t purges = vmalloc().purges();
    const bool good = measure(span, iterations, [&](uint32_t) {
        mm::VirtAddr& area = areas[next() % held];
        vmalloc().free(area);
        return allocate(area);
    });
    const bool purged = vmalloc().purges() > purges;
    if (good)
        for (mm::VirtAddr area : areas) vmalloc().free(area);
    vmalloc().purge();
    return good && purged && vmalloc().areas().check();
}

}  // namespace guest
