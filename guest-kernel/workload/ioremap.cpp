// SPDX-License-Identifier: LGPL-2.1-or-later
// Device memory mapped and unmapped: what vmalloc does without the allocation of frames.
#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/io/display.hpp"
#include "guest-kernel/kernel/ioremap.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/workload/kernel_workloads.hpp"
#include "guest-kernel/workload/measure.hpp"
#include "guest-kernel/workload/table_census.hpp"

namespace guest {
namespace {

constexpr uint32_t block_bytes = 64 * 1024, piece_bytes = 16 * 1024 * 1024;

bool draw(mm::VirtAddr at, uint32_t value) {
    const auto word = [at](uint32_t offset) -> volatile uint32_t& { return *reinterpret_cast<volatile uint32_t*>((at + offset).raw); };
    for (uint32_t offset = 0; offset < block_bytes; offset += mm::page_size) word(offset) = value + offset;
    for (uint32_t offset = 0; offset < block_bytes; offset += mm::page_size)
        if (word(offset) != value + offset) return false;
    return true;
}

// Maps the frame buffer in large pieces until the window has no room: an error to the caller, after which all goes on.
// Nothing if there is room for more than max_pieces of them.
Maybe<uint32_t> pieces_until_full(mm::PhysAddr at) {
    constexpr uint32_t max_pieces = 256;
    mm::VirtAddr pieces[max_pieces];
    uint32_t count = 0;
    bool full = false;
    while (!full && count < max_pieces) {
        const Maybe<mm::VirtAddr> piece = ioremap(at, piece_bytes);
        full = !piece;
        if (piece) pieces[count++] = *piece;
    }
    for (uint32_t i = 0; i < count; ++i) iounmap(pieces[i]);
    vmalloc().purge();
    return full ? Maybe<uint32_t>{count} : Maybe<uint32_t>{};
}

// What one block changes in the page tables, and how much device memory the window holds.
bool show_window(Span span, mm::PhysAddr at) {
    const uint32_t before = present_entries();
    const Maybe<mm::VirtAddr> block = ioremap(at, block_bytes);
    if (!block) return false;
    print_new_entries(name(span), before);
    iounmap(*block);
    vmalloc().purge();
    const Maybe<uint32_t> pieces = pieces_until_full(at);
    if (!pieces) return false;
    print("measure: ", name(span), "-window ", (static_cast<uint32_t>(layout.vmalloc_end) - vmalloc_start().raw) >> 10, " KiB\n");
    print("measure: ", name(span), "-until-full ", *pieces * (piece_bytes >> 10), " KiB\n");
    const Maybe<mm::VirtAddr> again = ioremap(at, block_bytes);
    if (again) iounmap(*again);
    vmalloc().purge();
    return static_cast<bool>(again);
}

}  // namespace

bool ioremap_blocks(Span span, uint32_t iterations) {
    const Maybe<FrameBuffer> buffer = find_frame_buffer();
    if (!buffer) return print("workload ", name(span), " skipped: this machine has no Bochs display adapter\n"), true;
    const DisplayMode mode{640, 480};
    const auto once = [&buffer](uint32_t i) {
        const Maybe<mm::VirtAddr> block = ioremap((*buffer).at, block_bytes);
        if (!block) return false;
        const bool good = draw(*block, i);
        iounmap(*block);
        return good;
    };
    vmalloc().purge();
    for (uint32_t i = 0; i < warm_up_iterations + iterations; ++i)
        if (!once(i)) return false;
    vmalloc().purge();
    const mm::Pages before = zones().free_pages();
    const bool good = measure(span, iterations, once) && zones().free_pages() == before;
    vmalloc().purge();
    return good && vmalloc().areas().check() && show_window(span, (*buffer).at);
}

}  // namespace guest
