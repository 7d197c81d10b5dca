// SPDX-License-Identifier: LGPL-2.1-or-later
// The buddy allocators of the booted machine under stress.
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/test/held_pages.hpp"

namespace guest {
namespace {

// A small generator with a fixed seed: every run of a booted guest executes the same instructions.
class Sequence final {
public:
    uint32_t below(uint32_t limit) { return (state_ = state_ * 1664525 + 1013904223) / 65536 % limit; }

private:
    uint32_t state_ = 1;
};

void count_blocks(uint32_t (&blocks)[zone_count][max_order]) {
    for (unsigned z = 0; z < zone_count; ++z)
        for (unsigned order = 0; order < max_order; ++order) {
            blocks[z][order] = 0;
            for (unsigned node = 0; node < zones().nodes(); ++node)
                blocks[z][order] += zones().zone(all_zones[z], node).buddy().free_blocks(order);
        }
}

void random_blocks(Check& check) {
    constexpr Request requests[] = {gfp_dma, gfp_kernel, gfp_highuser};
    uint32_t before[zone_count][max_order], after[zone_count][max_order];
    count_blocks(before);
    {
        Sequence sequence;
        HeldPages held;
        for (int step = 0; step < 4000; ++step) {
            const Allocation block = zones().allocate(requests[sequence.below(3)], sequence.below(5));
            if (block) held.hold(block.first);
            if (sequence.below(5) < 2 && !held.empty()) {
                const mm::Pfn last = held.take_back();
                zones().free(last, zones().frames()[last].order);
            }
        }
        check.that(zones().check(), "sound while blocks are out");
    }
    check.that(zones().check(), "sound afterwards");
    count_blocks(after);
    for (unsigned z = 0; z < zone_count; ++z)
        for (unsigned order = 0; order < max_order; ++order)
            check.equal(after[z][order], before[z][order], "free blocks: all buddies joined again");
}

void blocks_are_aligned_and_contiguous(Check& check) {
    const Allocation block = zones().allocate(gfp_kernel, 3);
    check.that(static_cast<bool>(block), "8 pages of lowmem");
    check.equal(block.first.raw % 8, 0, "aligned to its size");
    auto* const words = lowmem_pointer<volatile uint32_t>(mm::address(block.first));
    for (uint32_t page = 0; page < 8; ++page) words[page * 1024] = page;
    for (uint32_t page = 0; page < 8; ++page) check.equal(words[page * 1024], page, "a word in each page");
    zones().free(block.first, 3);
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"buddy: random blocks, all joined again", random_blocks},
    {"buddy: a block is aligned and contiguous", blocks_are_aligned_and_contiguous},
};

}  // namespace
}  // namespace guest
