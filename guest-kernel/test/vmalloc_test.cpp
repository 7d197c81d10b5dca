// SPDX-License-Identifier: LGPL-2.1-or-later
// vmalloc on the booted machine: contiguous addresses, scattered frames, a guard page, everything given back.
#include "guest-kernel/kernel/symbols.hpp"
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/test/held_pages.hpp"

namespace guest {
namespace {

constexpr uint32_t pages = 20;

volatile uint32_t& word_at(mm::VirtAddr at) { return *reinterpret_cast<volatile uint32_t*>(at.raw); }
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
    vmalloc().purge();
    const Maybe<mm::VirtAddr> first = vmalloc().allocate(mm::page_size), second = vmalloc().allocate(1);
    check.that(first && second, "two areas");
    check.equal(*second - *first, 2 * mm::page_size, "a page lies between them");
    check.that(!translation_of(*first + mm::page_size).mapped(), "it is not mapped");
    vmalloc().free(*second);
    vmalloc().free(*first);
    check.that(!translation_of(*first).mapped(), "a freed area is not mapped");
}

void everything_comes_back(Check& check) {
    const uint32_t areas = vmalloc().areas().live();
    vmalloc().purge();
    const Maybe<mm::VirtAddr> warm = vmalloc().allocate(100 * mm::page_size);  // makes the page tables, which stay
    vmalloc().free(*warm);
    vmalloc().purge();
    const uint32_t before = zones().free_pages().raw;
    const Maybe<mm::VirtAddr> area = vmalloc().allocate(100 * mm::page_size);
    check.equal(before - zones().free_pages().raw, 100, "frames taken");
    vmalloc().free(*area);
    check.equal(zones().free_pages().raw, before, "free pages afterwards, before any purge");
    check.equal(vmalloc().areas().live(), areas, "areas afterwards");
    check.that(zones().check() && vmalloc().areas().check(), "all is sound");
}

const VmArea* area_at(mm::VirtAddr start) {
    for (unsigned i = 0; i < vmalloc().areas().size(); ++i)
        if (vmalloc().areas()[i].start == start) return &vmalloc().areas()[i];
    return nullptr;
}

void area_knows_its_maker(Check& check) {
    const Maybe<mm::VirtAddr> start = vmalloc().allocate(3 * mm::page_size);
    const VmArea* const area = area_at(*start);
    check.that(area != nullptr && area->use == AreaUse::memory, "an area of memory");
    check.equal(area->pages.raw, 3, "its pages");
    const Maybe<Symbol> caller = find_symbol(reinterpret_cast<uint32_t>(area->caller));
    check.that(caller && __builtin_strcmp((*caller).name, "area_knows_its_maker") == 0, "it names this function");
    vmalloc().free(*start);
}

// The same addresses come back only after the purge, and then lead to the new frames alone.
void freed_addresses_are_lazy(Check& check) {
    vmalloc().purge();
    const uint32_t purges = vmalloc().purges();
    const Maybe<mm::VirtAddr> first = vmalloc().allocate(4 * mm::page_size);
    word_at(*first) = 1;  // a TLB knows it now
    vmalloc().free(*first);
    check.that(!translation_of(*first).mapped(), "a freed area is not mapped");
    check.equal(vmalloc().areas().lazy_pages().raw, 5, "pages of addresses kept back, guard included");
    const Maybe<mm::VirtAddr> second = vmalloc().allocate(4 * mm::page_size);
    check.that(*second != *first, "another area gets other addresses");
    check.equal(vmalloc().purges(), purges, "flushes so far");
    vmalloc().free(*second);
    vmalloc().purge();
    check.equal(vmalloc().purges(), purges + 1, "flushes for both");
    const Maybe<mm::VirtAddr> third = vmalloc().allocate(4 * mm::page_size);
    check.that(*third == *first, "after the flush the first addresses serve again");
    word_at(*third) = 3;
    const Maybe<mm::VirtAddr> seen = kmap().map(translation_of(*third).frame);
    check.equal(word_at(*seen), 3, "written to the new frame");
    kmap().unmap(translation_of(*third).frame);
    vmalloc().free(*third);
    vmalloc().purge();
}

// 32 MiB of addresses freed in areas of a page: then one flush, and the table of areas is short again.
void many_freed_areas_are_purged(Check& check) {
    vmalloc().purge();
    const uint32_t purges = vmalloc().purges(), areas = vmalloc().areas().size();
    uint32_t freed = 0;
    while (vmalloc().purges() == purges && freed < lazy_max_pages.raw) {
        const Maybe<mm::VirtAddr> area = vmalloc().allocate(mm::page_size);
        if (!area) break;
        vmalloc().free(*area);
        ++freed;
    }
    check.equal(freed, lazy_max_pages.raw / 2 + 1, "areas freed until the purge");
    check.equal(vmalloc().areas().size(), areas, "areas after it");
    check.equal(vmalloc().shortages().areas, 0, "times that the table could not grow");
    check.that(vmalloc().areas().check(), "the areas are sound");
}

// More live areas than the first table holds, then a window without room: an error, counted, and nothing is lost. Device
// mappings take no frames, so that the window ends first, whatever it holds.
void a_full_window_is_an_error(Check& check) {
    constexpr unsigned enough = 300;
    constexpr mm::Pages one{1};
    constexpr mm::Pfn device = mm::frame_of(mm::PhysAddr{0xFEE00000});
    static mm::VirtAddr areas[enough];
    vmalloc().purge();
    const uint32_t live = vmalloc().areas().live(), window = vmalloc().shortages().window;
    for (mm::VirtAddr& area : areas) {
        const Maybe<mm::VirtAddr> got = vmalloc().map_device(device, one, nullptr);
        check.that(static_cast<bool>(got), "an area");
        area = *got;
    }
    check.equal(vmalloc().areas().live(), live + enough, "live areas");
    const mm::Pages rest = mm::pages_in(layout.vmalloc_end - vmalloc_start().raw);
    const Maybe<mm::VirtAddr> too_large = vmalloc().map_device(device, rest, nullptr);
    check.that(!too_large, "what does not fit beside them is refused");
    check.equal(vmalloc().shortages().window, window + 1, "refusals for want of addresses");
    check.that(!vmalloc().allocate(0xF0000000), "memory larger than the window, or than the machine's, is refused");
    for (mm::VirtAddr area : areas) vmalloc().unmap_device(area);
    vmalloc().purge();
    check.equal(vmalloc().areas().size(), live, "areas afterwards");
    check.that(vmalloc().areas().check() && zones().check(), "all is sound");
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"vmalloc: contiguous addresses over scattered frames", contiguous_over_scattered},
    {"vmalloc: a guard page behind each area", guard_page},
    {"vmalloc: everything comes back", everything_comes_back},
    {"vmalloc: an area knows who made it", area_knows_its_maker},
    {"vmalloc: freed addresses wait for a flush", freed_addresses_are_lazy},
    {"vmalloc: many freed areas are purged at once", many_freed_areas_are_purged},
    {"vmalloc: a full window is an error", a_full_window_is_an_error},
};

}  // namespace
}  // namespace guest
