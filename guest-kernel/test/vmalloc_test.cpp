// SPDX-License-Identifier: LGPL-2.1-or-later
// vmalloc on the booted machine: contiguous addresses, scattered frames, a guard page, everything given back.
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/test/held_pages.hpp"

namespace guest {
namespace {

constexpr uint32_t pages = 20;

mm::Translation translation_of(mm::VirtAddr at) { return kernel_tables().find(at).translation; }

// Frees every second page of a run, so that the free frames are scattered.
void scatter(HeldPages& held) {
    HeldPages every_second;
    for (uint32_t n = 0; n < 4 * pages; ++n) {
        const Allocation page = zones().allocate(gfp_highuser, 0);
        (page.first.raw % 2 == 0 ? held : every_second).hold(page.first);
    }
}

void contiguous_over_scattered(Check& check) {
    HeldPages held;
    scatter(held);
    const Maybe<mm::VirtAddr> area = vmalloc().allocate(pages * mm::page_size);
    check.that(static_cast<bool>(area), "an area");
    check.that(*area >= vmalloc_start() && (*area).raw < layout.vmalloc_end, "it lies in vmalloc's range");

    uint32_t neighbours = 0;
    for (uint32_t n = 0; n < pages; ++n) {
        const mm::VirtAddr at = *area + n * mm::page_size;
        *reinterpret_cast<volatile uint32_t*>(at.raw) = n;
        if (n == 0) continue;
        const mm::Pfn frame = translation_of(at).frame, before = translation_of(at - mm::page_size).frame;
        if (frame.raw == before.raw + 1 || before.raw == frame.raw + 1) ++neighbours;
    }
    check.that(neighbours < pages / 2, "most neighbours are not neighbours in memory");
    for (uint32_t n = 0; n < pages; ++n)
        check.equal(*reinterpret_cast<volatile uint32_t*>((*area + n * mm::page_size).raw), n, "each page keeps its word");
    vmalloc().free(*area);
}

void guard_page(Check& check) {
    const Maybe<mm::VirtAddr> first = vmalloc().allocate(mm::page_size), second = vmalloc().allocate(1);
    check.that(first && second, "two areas");
    check.equal(*second - *first, 2 * mm::page_size, "a page lies between them");
    check.that(!translation_of(*first + mm::page_size).mapped(), "it is not mapped");
    vmalloc().free(*second);
    vmalloc().free(*first);
    check.that(!translation_of(*first).mapped(), "a freed area is not mapped");
}

void everything_comes_back(Check& check) {
    const uint32_t areas = vmalloc().areas().size();
    const Maybe<mm::VirtAddr> warm = vmalloc().allocate(100 * mm::page_size);  // makes the page tables, which stay
    vmalloc().free(*warm);
    const uint32_t before = zones().free_pages().raw;
    const Maybe<mm::VirtAddr> area = vmalloc().allocate(100 * mm::page_size);
    check.equal(before - zones().free_pages().raw, 100, "frames taken");
    vmalloc().free(*area);
    check.equal(zones().free_pages().raw, before, "free pages afterwards");
    check.equal(vmalloc().areas().size(), areas, "areas afterwards");
    check.that(!vmalloc().allocate(0xF0000000), "an area larger than the range is refused");
    check.that(zones().check() && vmalloc().areas().check(), "all is sound");
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"vmalloc: contiguous addresses over scattered frames", contiguous_over_scattered},
    {"vmalloc: a guard page behind each area", guard_page},
    {"vmalloc: everything comes back", everything_comes_back},
};

}  // namespace
}  // namespace guest
