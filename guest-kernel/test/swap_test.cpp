// SPDX-License-Identifier: LGPL-2.1-or-later
// Swap, of both kinds: contents survive, slots and memory come back, and what goes wrong hurts nobody else.
#include "guest-kernel/kernel/io/disk.hpp"
#include "guest-kernel/kernel/swap_out.hpp"
#include "guest-kernel/test/held_pages.hpp"
#include "guest-kernel/test/run.hpp"
#include "guest-kernel/test/with_swap.hpp"
#include "guest-kernel/workload/swapped_process.hpp"

// arch/user_bytes.S: 0, or 1 after a fault that nobody could resolve.
extern "C" uint32_t copy_user_bytes(void* to, const void* from, uint32_t bytes);

namespace guest {
namespace {

constexpr uint32_t pages = 24, noisy = pages / 3;

uint32_t highmem_pages(const SwappedProcess& p, mm::Pfn from) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < pages; ++i) {
        mm::Pfn frame;
        if (p.space().frame_of(p.page(i), frame) && frame >= from) ++count;
    }
    return count;
}

// Noise cannot be compressed. The disk takes everything, but pages of the program's file that all its processes share.
void check_swap_out(Check& check, SwapKind kind, const SwappedProcess& p, SwapWait wait = SwapWait::poll) {
    const uint32_t before = p.space().swapped();
    const SwapOut out = swap_out(p.space(), 1000, kind, wait);
    check.equal(p.space().swapped(), before + out.pages, "pages that the space knows to be swapped out");
    check.equal(swap_counters(kind).used, before + out.pages, "slots in use");
    check.equal(highmem_pages(p, {}), kind == SwapKind::disk ? 0 : noisy, "pages of the region still mapped");
    check.that(kind == SwapKind::disk ? out.pages >= pages : out.pages >= pages - noisy, "most pages left");
    check.that(out.why == SwapStatus::done || (kind == SwapKind::compressed && out.why == SwapStatus::incompressible),
               name(out.why));
}

void survive(Check& check, SwapKind kind) {
    with_swap(check, kind, [&] {
        SwappedProcess p{{pages, 3}};
        if (!p) return check.that(false, "the process started");
        for (uint32_t round = 0; round < 3; ++round) {
            const uint32_t unreachable = highmem_pages(p, kind == SwapKind::disk ? disk_by_dma().reach : direct_map_end);
            const SwapCounters before = swap_counters(kind);
            check_swap_out(check, kind, p, round == 1 ? SwapWait::sleep : SwapWait::poll);
            const uint32_t kmaps = swap_counters(kind).kmaps_out - before.kmaps_out;
            // The disk needs kmaps for what must be bounced, the compressor for every page that has no address.
            if (kind == SwapKind::disk)
                check.that(kmaps >= unreachable && kmaps <= unreachable + 16, "only bounces took kmaps");
            else check.that(kmaps >= unreachable, "each page beyond lowmem took a kmap");
            p.go_on();
        }
        check.equal(as_word(p.end()), 0, "the pages were what they had been");
    });
}

void ends(Check& check, SwapKind kind, SwappedEnd end, int32_t status) {
    with_swap(check, kind, [&] {
        SwappedProcess p{{pages, 1, end}};
        if (!p) return check.that(false, "the process started");
        check_swap_out(check, kind, p);
        p.go_on();
        check.equal(as_word(p.end()), as_word(status), "its exit status");
    });
}

// Whether the page of `space`, wherever it is, holds what the program wrote.
bool page_is(AddressSpace& space, mm::VirtAddr at, uint32_t index) {
    mm::Pfn frame;
    if (!space.frame_of(at, frame) && space.resolve(at, mm::AccessKind::read, false) != FaultStatus::resolved) return false;
    if (!space.frame_of(at, frame)) return false;
    const mm::VirtAddr mapped = kmap_atomic().map(frame, KmapType::test);
    const bool same = page_holds(reinterpret_cast<const uint32_t*>(mapped.raw), pattern_of(index), index);
    kmap_atomic().unmap(mapped, KmapType::test);
    return same;
}

void forked(Check& check, SwapKind kind) {
    with_swap(check, kind, [&] {
        SwappedProcess p{{pages, 1}};
        if (!p) return check.that(false, "the process started");
        const SwapOut out = swap_out(p.space(), 1000, kind);
        AddressSpace child;
        check.that(child.fork(p.space()), "the space is copied");
        check.equal(child.swapped(), out.pages, "pages that the copy shares in swap");
        check.equal(swap_counters(kind).used, out.pages, "slots in use by both");
        for (uint32_t i = 0; i < pages; i += 2) check.that(page_is(child, p.page(i), i), "the copy has the page");
        check.equal(p.space().swapped(), out.pages, "pages of the first that are still in swap");
        check.equal(swap_counters(kind).used, out.pages, "slots in use by one or both");
        // What the copy brought in is its own, and may leave again; pages that both map may not.
        const SwapOut again = swap_out(child, 1000, kind);
        check.that(kind == SwapKind::disk ? again.pages == pages / 2 : again.pages > 0, "the copy's own pages leave again");
        for (uint32_t i = 0; i < pages; ++i) check.that(page_is(child, p.page(i), i), "the copy has all pages");
        p.go_on();
        check.equal(as_word(p.end()), 0, "the first has its pages");
        child.destroy();
    });
}

// A load of CR3 for another process drops what is not global, but the boot process has no space: after it woke, the tables
// of the process that ran last are still loaded, with translations that were used a moment ago.
void nothing_stale(Check& check, SwapKind kind) {
    if (layout.own_page_tables) return check.skip("the kernel translates nothing through a process's tables");
    with_swap(check, kind, [&] {
        SwappedProcess p{{pages, 1}};
        if (!p) return check.that(false, "the process started");
        uint32_t word = 0, faults = 0;
        const auto touch = [&](uint32_t i) { return copy_user_bytes(&word, reinterpret_cast<void*>(p.page(i).raw), 4); };
        for (uint32_t i = 0; i < pages; ++i) faults += touch(i);
        check.equal(faults, 0, "pages that are not mapped while the process waits");
        const SwapOut out = swap_out(p.space(), 1000, kind);
        for (uint32_t i = 0; i < pages; ++i) faults += touch(i);
        check.that(faults != 0 && faults <= out.pages, "pages that left fault");
        check.equal(faults, pages - highmem_pages(p, {}), "translations that the flush dropped");
        p.go_on();
        check.equal(as_word(p.end()), 0, "the pages were what they had been");
    });
}

// Whoever takes all memory gets the pages of those that wait first.
void under_pressure(Check& check, SwapKind kind) {
    with_swap(check, kind, [&] {
        SwappedProcess p{{pages, 1}};
        if (!p) return check.that(false, "the process started");
        {
            HeldPages memory;
            memory.drain(gfp_highuser);
            check.that(p.space().swapped() >= pages - noisy, "most pages of the process that waits have left");
        }
        p.go_on();
        check.equal(as_word(p.end()), 0, "the pages were what they had been");
    });
}

// Three processes share fewer pages than two of them need; counted is in clusters, and a file's pages may not leave.
void within_limit(Check& check, SwapKind kind) {
    constexpr uint32_t limit = pages + pages / 2;
    with_swap(check, kind, [&] {
        set_resident_limit(limit);
        SwappedProcess processes[3]{SwappedProcess{{pages, 3}}, SwappedProcess{{pages, 3}}, SwappedProcess{{pages, 3}}};
        for (uint32_t turn = 0; turn < 6; ++turn) {
            uint32_t resident = 0;
            for (SwappedProcess& p : processes) resident += p ? p.space().resident() : 0;
            const uint32_t stay = kind == SwapKind::compressed ? 3 * noisy : 0;
            check.that(resident <= limit + stay + 2 * max_swap_cluster, "no more pages than the limit says are in memory");
            processes[turn % 3].go_on();
        }
        for (SwappedProcess& p : processes) check.equal(as_word(p.end()), 0, "the pages were what they had been");
        set_resident_limit(0);
    });
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"swap to the disk: pages come back as they were", [](Check& c) { survive(c, SwapKind::disk); }},
    {"swap to the disk: a process that ends gives its slots back",
     [](Check& c) { ends(c, SwapKind::disk, SwappedEnd::untouched, 0); }},
    {"swap to the disk: a process that is killed gives its slots back",
     [](Check& c) { ends(c, SwapKind::disk, SwappedEnd::killed, killed_by(14)); }},
    {"swap to the disk: a fork shares slots", [](Check& c) { forked(c, SwapKind::disk); }},
    {"swap to the disk: no stale translation is used", [](Check& c) { nothing_stale(c, SwapKind::disk); }},
    {"swap to the disk: a program forks while its pages are away",
     [](Check& c) { ends(c, SwapKind::disk, SwappedEnd::forks, 0); }},
    {"swap to the disk: pages leave when memory is short", [](Check& c) { under_pressure(c, SwapKind::disk); }},
    {"swap to the disk: processes keep within a limit", [](Check& c) { within_limit(c, SwapKind::disk); }},
    {"compressed swap: processes keep within a limit", [](Check& c) { within_limit(c, SwapKind::compressed); }},
    {"compressed swap: pages come back as they were", [](Check& c) { survive(c, SwapKind::compressed); }},
    {"compressed swap: a process that ends gives its slots back",
     [](Check& c) { ends(c, SwapKind::compressed, SwappedEnd::untouched, 0); }},
    {"compressed swap: a process that is killed gives its slots back",
     [](Check& c) { ends(c, SwapKind::compressed, SwappedEnd::killed, killed_by(14)); }},
    {"compressed swap: a fork shares slots", [](Check& c) { forked(c, SwapKind::compressed); }},
    {"compressed swap: no stale translation is used", [](Check& c) { nothing_stale(c, SwapKind::compressed); }},
    {"compressed swap: a program forks while its pages are away",
     [](Check& c) { ends(c, SwapKind::compressed, SwappedEnd::forks, 0); }},
};

}  // namespace
}  // namespace guest
