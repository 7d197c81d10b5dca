// SPDX-License-Identifier: LGPL-2.1-or-later
// Programs that make system calls at random: whatever they ask for, the kernel goes on, and what they took comes back.
#include "guest-kernel/kernel/io/disk_file.hpp"
#include "guest-kernel/kernel/io/page_cache.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/scheduler.hpp"
#include "guest-kernel/kernel/swap_out.hpp"
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/test/run.hpp"
#include "guest-kernel/test/with_swap.hpp"

namespace guest {
namespace {

constexpr uint32_t seeds = 12;
constexpr uint32_t resident = 12;  // pages in memory: fewer than one program has

// The program's children may outlive it.
void run_with_children(uint32_t seed) {
    static_cast<void>(run_to_end("test-random-calls", seed));
    for (reap_orphans(); processes.size() != 0; reap_orphans()) yield_or_idle();
}

uint32_t free_without_caches(Check& check) {
    if (PageCache* const cache = disk_cache()) check.that(cache->drop(), "nobody uses a page of the disk's any more");
    kmalloc().shrink();
    return zones().free_pages().raw;
}

void random_calls(Check& check) {
    run_with_children(0);
    const uint32_t free = free_without_caches(check);
    for (uint32_t seed = 1; seed <= seeds; ++seed) run_with_children(seed);
    check.equal(free_without_caches(check), free, "free pages");
    check.that(zones().check() && kmalloc().slabs().check(), "the zones and slabs are sound");
    check.that(kmap().check() && vmalloc().areas().check(), "so are the kernel's mappings");
}

void random_calls_in_swap(Check& check) {
    with_swap(check, SwapKind::disk, [&] {
        const uint32_t read_before = swap_counters(SwapKind::disk).read;
        set_resident_limit(resident);
        random_calls(check);
        set_resident_limit(0);
        check.that(swap_counters(SwapKind::disk).read > read_before, "pages came from the disk");
    });
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"system calls: arguments at random harm nobody", random_calls},
    {"system calls: the same with most pages in swap", random_calls_in_swap},
};

}  // namespace
}  // namespace guest
