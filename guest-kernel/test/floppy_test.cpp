// SPDX-License-Identifier: LGPL-2.1-or-later
// The floppy, whose DMA reaches 16 MiB: every page beyond is bounced.
#include "guest-kernel/kernel/io/bounce.hpp"
#include "guest-kernel/kernel/io/floppy.hpp"
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/test/held_pages.hpp"
#include "guest-kernel/workload/page_contents.hpp"
#include "guest-kernel/workload/placed_frames.hpp"

namespace guest {
namespace {

constexpr uint32_t over_two_cylinders = 4, last_block = 359;  // block 4: sectors 32 to 39, a cylinder has 36

template <class Run>
void with_floppy(Check& check, Run run) {
    const Floppy& floppy = probe_floppy();
    if (floppy.missing) return check.skip(floppy.missing);
    const uint32_t before = zones().free_pages().raw;
    run(floppy_by_dma());
    check.equal(zones().free_pages().raw, before, "free pages afterwards");
}

void read_and_bounce(Check& check) {
    with_floppy(check, [&](BlockDevice& floppy) {
        for (Place p : all_places) {
            const PlacedFrames page{p, 0};
            if (!page) continue;
            const BounceCounters before = bounce_counters();
            check.that(transfer_page(floppy, Direction::read, over_two_cylinders, page[0]) == IoStatus::done, name(p));
            check.that(page_numbered(page[0], over_two_cylinders, Numbering::by_sector), "the page is the floppy's");
            check.equal(bounce_counters().dma - before.dma, p == Place::dma ? 0 : 1, "pages bounced through ZONE_DMA");
            check.equal(bounce_counters().normal, before.normal, "pages bounced through ZONE_NORMAL");
        }
    });
}

void write_and_read(Check& check) {
    with_floppy(check, [&](BlockDevice& floppy) {
        const PlacedFrames page{Place::normal, 0}, copy{Place::dma, 0};
        if (!page || !copy) return;
        fill_page(page[0], 5);
        check.that(transfer_page(floppy, Direction::write, last_block, page[0]) == IoStatus::done, "the write is done");
        check.that(transfer_page(floppy, Direction::read, last_block, copy[0]) == IoStatus::done, "the read is done");
        check.that(page_filled(copy[0], 5), "what was written is read back");
        number_page(page[0], last_block, Numbering::by_sector);
        check.that(transfer_page(floppy, Direction::write, last_block, page[0]) == IoStatus::done, "the block is as it was");
        check.that(transfer_page(floppy, Direction::read, last_block + 1, page[0]) == IoStatus::bad_block, "there is no more");
    });
}

void no_dma_memory(Check& check) {
    with_floppy(check, [&](BlockDevice& floppy) {
        const PlacedFrames page{Place::normal, 0};
        if (!page) return;
        HeldPages dma;
        static_cast<void>(dma.drain(gfp_dma));
        check.that(transfer_page(floppy, Direction::read, 0, page[0]) == IoStatus::no_memory, "nothing to bounce through");
    });
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"floppy: read by ISA DMA, bounced above 16 MiB", read_and_bounce},
    {"floppy: written and read back", write_and_read},
    {"floppy: no DMA memory to bounce through", no_dma_memory},
};

}  // namespace
}  // namespace guest
