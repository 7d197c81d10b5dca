// SPDX-License-Identifier: LGPL-2.1-or-later
// Device memory in the vmalloc window: the frame buffer of the display, and ranges that cannot be mapped.
#include "guest-kernel/kernel/image.hpp"
#include "guest-kernel/kernel/io/display.hpp"
#include "guest-kernel/kernel/ioremap.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/tap.hpp"

namespace guest {
namespace {

constexpr const char* no_display = "no Bochs display adapter";
constexpr uint16_t width = 640, height = 480;
constexpr uint32_t mode_bytes = width * height * 4;

volatile uint32_t& word_at(mm::VirtAddr at) { return *reinterpret_cast<volatile uint32_t*>(at.raw); }
uint32_t pixel(uint32_t offset) { return offset * 0x9E3779B1; }

mm::Entry<Format> entry_of(mm::VirtAddr at) { return kernel_tables().find(at).pte; }

void frame_buffer_keeps_pixels(Check& check) {
    const Maybe<FrameBuffer> buffer = find_frame_buffer();
    if (!buffer) return check.skip(no_display);
    check.that((*buffer).bytes >= mode_bytes, "it has memory for the mode");
    const mm::Pfn first = mm::frame_of((*buffer).at);
    check.that(!any_ram({first, first + mm::pages_for((*buffer).bytes)}), "its frames are no RAM");
    vmalloc().purge();
    const Maybe<mm::VirtAddr> one = ioremap((*buffer).at, mode_bytes), other = ioremap((*buffer).at, mode_bytes);
    check.that(one && other, "two mappings of it");
    const DisplayMode mode{width, height};
    for (uint32_t at = 0; at < mode_bytes; at += 1020) word_at(*one + at) = pixel(at);
    uint32_t wrong = 0;
    for (uint32_t at = 0; at < mode_bytes; at += 1020) wrong += word_at(*other + at) != pixel(at);
    check.equal(wrong, 0, "pixels that the other mapping shows otherwise");
    check.that(entry_of(*one).has(mm::entry_bit::cache_disable), "the entries say uncached");
    check.that(entry_of(*one).frame() == first, "and name the adapter's frames");
    iounmap(*other);
    iounmap(*one);
    check.that(!entry_of(*one).present(), "nothing is mapped afterwards");
    vmalloc().purge();
}

void only_what_can_be_mapped(Check& check) {
    constexpr mm::PhysAddr device{0xFEE00000};  // the local APIC's page: no RAM in any PC
    check.that(!ioremap(mm::address(image::first_frame()), mm::page_size), "RAM is refused");
    check.that(!ioremap(device, 0), "nothing is refused");
    check.that(!ioremap(mm::PhysAddr{layout.physical_limit - mm::page_size}, 2 * mm::page_size), "what tables cannot name is refused");
    check.that(*ioremap(mm::PhysAddr{0xB8000}, 0x8000) == lowmem(mm::PhysAddr{0xB8000}), "text memory is in the direct map");
    iounmap(lowmem(mm::PhysAddr{0xB8000}));

    const uint32_t live = vmalloc().areas().live();
    const Maybe<mm::VirtAddr> inside = ioremap(device + 0x20, 4);
    check.that(static_cast<bool>(inside), "a register in the middle of a page");
    check.equal(mm::offset_in_page(*inside), 0x20, "the offset is kept");
    check.equal(vmalloc().areas().live(), live + 1, "areas");
    iounmap(*inside);
    vmalloc().purge();
}

// Device memory larger than the window, a frame buffer of the machine's dreams: an error, and all goes on. The range below
// the top of the physical space is no RAM on any machine that these images boot on.
void window_without_room(Check& check) {
    vmalloc().purge();
    const uint32_t live = vmalloc().areas().live(), window = vmalloc().shortages().window;
    const uint64_t all = layout.vmalloc_end - vmalloc_start().raw;
    const mm::Pages most = mm::pages_in(all) - mm::Pages{1};
    const mm::Pfn device = mm::frame_of(mm::PhysAddr{0xFEE00000});
    check.that(!vmalloc().map_device(device, most + mm::Pages{1}, nullptr), "a page more than the window holds, with its guard");
    check.equal(vmalloc().shortages().window, window + 1, "refusals for want of addresses");
    const Maybe<mm::VirtAddr> small = ioremap(mm::address(device), mm::page_size);
    check.that(static_cast<bool>(small), "a page still fits");
    check.that(!vmalloc().map_device(device, most, nullptr), "now the rest is too small");
    iounmap(*small);
    vmalloc().purge();
    check.equal(vmalloc().areas().live(), live, "areas afterwards");
    check.that(vmalloc().areas().check() && zones().check(), "all is sound");
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"ioremap: the frame buffer keeps its pixels", frame_buffer_keeps_pixels},
    {"ioremap: only what can be mapped", only_what_can_be_mapped},
    {"ioremap: a window without room is an error", window_without_room},
};

}  // namespace
}  // namespace guest
