// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads through the direct map, close together and far apart: what its large pages save, and where they do not.
#include "guest-kernel/workload/frame_block.hpp"
#include "guest-kernel/workload/measure.hpp"

namespace guest {
namespace {

constexpr unsigned near_order = max_order - 1;  // two blocks of 4 MiB
constexpr uint32_t far_pages = 60;              // what fits into the 64 data entries of a P6, but not into its 8 for large pages

uint32_t word_of(mm::Pfn frame) { return *lowmem_pointer<volatile uint32_t>(mm::address(frame)); }

// Page `index` of far_pages that lie evenly in lowmem, or the next lower one that is RAM.
mm::Pfn far_page(uint32_t index) {
    mm::Pfn frame{static_cast<uint32_t>(uint64_t{direct_map_end.raw} * (2 * index + 1) / (2 * far_pages))};
    while (!any_ram({frame, frame + mm::Pages{1}})) frame = frame - mm::Pages{1};
    return frame;
}

}  // namespace

bool lowmem_near(Span span, uint32_t iterations) {
    const FrameBlock frames{Memory::lowmem, near_order};
    if (!frames) return skip(span, Memory::lowmem);
    for (uint32_t i = 0; i < frames.size(); ++i) *lowmem_pointer<uint32_t>(mm::address(frames[i])) = i;
    const uint32_t wanted = frames.size() / 2 * (frames.size() - 1);
    return measure(span, iterations, [&](uint32_t) {
        uint32_t sum = 0;
        for (uint32_t i = 0; i < frames.size(); ++i) sum += word_of(frames[i]);
        return sum == wanted;
    });
}

// What stands in the pages is others' business: the check is that each address still leads to its page.
bool lowmem_far(Span span, uint32_t iterations) {
    mm::Pfn pages[far_pages];
    for (uint32_t i = 0; i < far_pages; ++i) pages[i] = far_page(i);
    const bool good = measure(span, iterations, [&](uint32_t) {
        for (mm::Pfn page : pages) static_cast<void>(word_of(page));
        return true;
    });
    for (mm::Pfn page : pages)
        if (kernel_tables().find(lowmem(mm::address(page))).translation.frame != page) return false;
    return good;
}

}  // namespace guest
