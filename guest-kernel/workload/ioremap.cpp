// SPDX-License-Identifier: LGPL-2.1-or-later
// Device memory mapped and unmapped: what vmalloc does without the allocation of frames.
#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/io/display.hpp"
#include "guest-kernel/kernel/ioremap.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/workload/kernel_workloads.hpp"
#include "guest-kernel/workload/measure.hpp"

namespace guest {
namespace {

constexpr uint32_t block_bytes = 64 * 1024;

bool draw(mm::VirtAddr at, uint32_t value) {
    const auto word = [at](uint32_t offset) -> volatile uint32_t& { return *reinterpret_cast<volatile uint32_t*>((at + offset).raw); };
    for (uint32_t offset = 0; offset < block_bytes; offset += mm::page_size) word(offset) = value + offset;
    for (uint32_t offset = 0; offset < block_bytes; offset += mm::page_size)
        if (word(offset) != value + offset) return false;
    return true;
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
    return good && vmalloc().areas().check();
}

}  // namespace guest
