// SPDX-License-Identifier: LGPL-2.1-or-later
// Requests of random sizes, in flight at once, by DMA and by PIO, to and from every part of memory: each block ends as a
// naive model says. Random, but the same on every run.
#include "guest-kernel/kernel/io/disk.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/workload/page_contents.hpp"
#include "guest-kernel/workload/placed_frames.hpp"

namespace guest {
namespace {

constexpr unsigned in_flight = 4, frames_order = 3, most_pages = 1 << frames_order, rounds = 60;
constexpr uint32_t first_block = 3200, blocks_each = 12;  // each slot has blocks of its own

uint32_t random_state = 20040202;
uint32_t below(uint32_t limit) {
    random_state = random_state * 1664525 + 1013904223;  // Numerical Recipes' constants
    return (random_state >> 8) % limit;
}

struct Slot {
    BlockRequest request;
    uint32_t first = 0;  // within the slot's blocks
    uint32_t seeds[blocks_each] = {};  // what each block holds: 0 is its number
};
Slot slots[in_flight];

bool holds(mm::Pfn frame, uint32_t block, uint32_t seed) { return seed == 0 ? page_numbered(frame, block) : page_filled(frame, seed); }

uint32_t block_of(unsigned slot, uint32_t index) { return first_block + slot * blocks_each + index; }

void prepare(unsigned index, const PlacedFrames& frames, uint32_t round) {
    Slot& s = slots[index];
    BlockRequest& r = s.request;
    r = {};
    r.direction = below(2) == 0 ? Direction::write : Direction::read;
    r.pages = 1 + below(most_pages);
    s.first = below(blocks_each - r.pages + 1);
    r.block = block_of(index, s.first);
    const uint32_t shift = below(most_pages);
    for (uint32_t i = 0; i < r.pages; ++i) {
        r.frames[i] = frames[i + shift];
        const uint32_t seed = r.direction == Direction::read ? 0x0BAD0000 : round * 1000 + index * 100 + i + 1;
        fill_page(r.frames[i], seed);
        if (r.direction == Direction::write) s.seeds[s.first + i] = seed;
    }
}

void verify(Check& check, const Slot& s) {
    check.equal(static_cast<uint32_t>(s.request.status), static_cast<uint32_t>(IoStatus::done), "status");
    for (uint32_t i = 0; i < s.request.pages; ++i)
        check.that(holds(s.request.frames[i], s.request.block + i, s.seeds[s.first + i]), "the page is as the model says");
}

BlockDevice& one_way() { return disk_by_dma().blocks != 0 && below(3) != 0 ? disk_by_dma() : disk_by_pio(); }

void restore(Check& check, const PlacedFrames& frame) {
    for (unsigned slot = 0; slot < in_flight; ++slot)
        for (uint32_t i = 0; i < blocks_each; ++i) {
            number_page(frame[0], block_of(slot, i));
            check.that(transfer_page(disk_by_pio(), Direction::write, block_of(slot, i), frame[0]) == IoStatus::done, "numbered again");
        }
}

void random_requests(Check& check) {
    if (const char* missing = probe_data_disk().missing) return check.skip(missing);
    const uint32_t before = zones().free_pages().raw;
    {
        const PlacedFrames places[in_flight] = {PlacedFrames{Place::above_4g, frames_order}, PlacedFrames{Place::highmem, frames_order},
                                                PlacedFrames{Place::normal, frames_order}, PlacedFrames{Place::dma, frames_order}};
        if (!places[in_flight - 1]) return check.skip("no DMA memory");
        for (uint32_t round = 1; round <= rounds && !check.failed(); ++round) {
            for (unsigned i = 0; i < in_flight; ++i) {
                if (!places[i]) continue;
                prepare(i, places[i], round);
                submit(one_way(), slots[i].request);
            }
            for (unsigned i = 0; i < in_flight; ++i) {
                if (!places[i]) continue;
                while (slots[i].request.status == IoStatus::pending) sleep(slots[i].request.sleepers);
                verify(check, slots[i]);
            }
        }
        restore(check, places[in_flight - 1]);
    }
    check.equal(zones().free_pages().raw, before, "free pages afterwards");
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"disk: random requests in flight agree with a model", random_requests},
};

}  // namespace
}  // namespace guest
