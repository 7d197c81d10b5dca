// SPDX-License-Identifier: LGPL-2.1-or-later
// The disk, by DMA and by PIO, polled and by interrupt, into every part of memory; what is wrong comes back as a status.
#include "guest-kernel/kernel/io/bounce.hpp"
#include "guest-kernel/kernel/io/disk.hpp"
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/test/held_pages.hpp"
#include "guest-kernel/workload/page_contents.hpp"
#include "guest-kernel/workload/placed_frames.hpp"

namespace guest {
namespace {

constexpr unsigned few = 2, few_pages = 1 << few;
constexpr uint32_t some_block = 1000, scratch_block = 2000;

BlockRequest request(Direction d, uint32_t block, const PlacedFrames& frames, uint32_t pages) {
    BlockRequest r;
    r.direction = d;
    r.block = block;
    r.pages = pages;
    for (uint32_t i = 0; i < pages; ++i) r.frames[i] = frames[i];
    return r;
}

void read_blocks(Check& check, BlockDevice& disk, Place place, bool polled) {
    const PlacedFrames frames{place, few};
    if (!frames) return;
    for (uint32_t i = 0; i < few_pages; ++i) fill_page(frames[i], i);
    BlockRequest r = request(Direction::read, some_block, frames, few_pages);
    r.polled = polled;
    check.equal(static_cast<uint32_t>(transfer(disk, r)), static_cast<uint32_t>(IoStatus::done), name(place));
    for (uint32_t i = 0; i < few_pages; ++i) check.that(page_numbered(frames[i], some_block + i), "the page is the disk's");
}

// What was written one way is read the other way; then the block is as it was.
void write_blocks(Check& check, BlockDevice& by, BlockDevice& other, Place place) {
    const PlacedFrames frames{place, few}, copy{Place::normal, few};
    if (!frames || !copy) return;
    for (uint32_t i = 0; i < few_pages; ++i) fill_page(frames[i], 77 + i);
    BlockRequest write = request(Direction::write, scratch_block, frames, few_pages);
    check.that(transfer(by, write) == IoStatus::done, "the write is done");
    BlockRequest read = request(Direction::read, scratch_block, copy, few_pages);
    check.that(transfer(other, read) == IoStatus::done, "the read is done");
    for (uint32_t i = 0; i < few_pages; ++i) {
        check.that(page_filled(copy[i], 77 + i), "what was written is read back");
        number_page(frames[i], scratch_block + i);
    }
    check.that(transfer(by, write) == IoStatus::done, "the second write is done");
    check.that(transfer(other, read) == IoStatus::done, "the second read is done");
    for (uint32_t i = 0; i < few_pages; ++i) check.that(page_numbered(copy[i], scratch_block + i), "the block is as it was");
}

// Every test leaves the free pages as they were.
template <class Run>
void with_disk(Check& check, bool dma, Run run) {
    const DataDisk& disk = probe_data_disk();
    if (disk.missing) return check.skip(disk.missing);
    if (dma && disk.dma.blocks == 0) return check.skip("no bus master");
    const uint32_t before = zones().free_pages().raw;
    run();
    check.equal(zones().free_pages().raw, before, "free pages afterwards");
}

void read_by_dma(Check& check) {
    with_disk(check, true, [&] {
        for (Place p : all_places) read_blocks(check, disk_by_dma(), p, false);
        read_blocks(check, disk_by_dma(), Place::normal, true);
    });
}

void read_by_pio(Check& check) {
    with_disk(check, false, [&] {
        for (Place p : all_places) read_blocks(check, disk_by_pio(), p, false);
        for (Place p : all_places) read_blocks(check, disk_by_pio(), p, true);
    });
}

void write_by_dma(Check& check) {
    with_disk(check, true, [&] {
        for (Place p : all_places) write_blocks(check, disk_by_dma(), disk_by_pio(), p);
    });
}

void write_by_pio(Check& check) {
    with_disk(check, true, [&] {
        for (Place p : all_places) write_blocks(check, disk_by_pio(), disk_by_dma(), p);
    });
}

// Only what lies above 4 GiB, and that page by page.
void bounces(Check& check) {
    with_disk(check, true, [&] {
        for (Place p : all_places) {
            const BounceCounters before = bounce_counters();
            const PlacedFrames frames{p, few};
            if (!frames) continue;
            read_blocks(check, disk_by_dma(), p, false);
            const uint32_t bounced = bounce_counters().normal - before.normal + bounce_counters().dma - before.dma;
            check.equal(bounced, p == Place::above_4g ? few_pages : 0, name(p));
            check.equal(bounce_counters().kmaps - before.kmaps, bounced, "kmaps to copy them");
        }
    });
}

// The largest request, whose frames lie anywhere.
void long_request(Check& check) {
    with_disk(check, true, [&] {
        const PlacedFrames frames{Place::normal, 5};
        if (!frames) return;
        static_assert(max_request_pages == 32);
        BlockRequest r = request(Direction::read, 4096, frames, max_request_pages);
        for (uint32_t i = 0; i < max_request_pages; ++i) r.frames[i] = frames[max_request_pages - 1 - i];
        check.that(transfer(disk_by_dma(), r) == IoStatus::done, "128 KiB are read");
        for (uint32_t i = 0; i < max_request_pages; ++i) check.that(page_numbered(r.frames[i], 4096 + i), "each page in its place");
    });
}

struct Order {
    BlockRequest* first = nullptr;
    uint32_t ended = 0;
};

// Two requests in the queue at once end in their order.
void queued_requests(Check& check) {
    with_disk(check, true, [&] {
        const PlacedFrames frames{Place::normal, 1};
        if (!frames) return;
        Order order;
        BlockRequest a = request(Direction::read, 5000, frames, 1), b = a;
        b.block = 6000;
        b.frames[0] = frames[1];
        a.context = b.context = &order;
        a.completed = b.completed = [](BlockRequest& r) {
            auto& o = *static_cast<Order*>(r.context);
            if (o.ended++ == 0) o.first = &r;
        };
        submit(disk_by_dma(), a);
        submit(disk_by_pio(), b);
        while (b.status == IoStatus::pending) sleep(b.sleepers);
        check.that(a.status == IoStatus::done && b.status == IoStatus::done, "both are done");
        check.that(order.ended == 2 && order.first == &a, "the first one first");
        check.that(page_numbered(frames[0], 5000) && page_numbered(frames[1], 6000), "both pages are the disk's");
    });
}

void errors(Check& check) {
    with_disk(check, true, [&] {
        const PlacedFrames frames{Place::normal, 1};
        if (!frames) return;
        BlockDevice& disk = disk_by_dma();
        const uint32_t refused = io_counters().ended[static_cast<unsigned>(IoStatus::bad_block)];
        check.that(transfer_page(disk, Direction::read, disk.blocks, frames[0]) == IoStatus::bad_block, "a block behind the end");
        BlockRequest r = request(Direction::read, disk.blocks - 1, frames, 2);
        check.that(transfer(disk, r) == IoStatus::bad_block, "a request over the end");
        r.pages = 0;
        check.that(transfer(disk, r) == IoStatus::bad_block, "a request for nothing");
        check.equal(io_counters().ended[static_cast<unsigned>(IoStatus::bad_block)] - refused, 3, "counted");

        const BlockDevice ways[] = {disk_by_dma(), disk_by_pio()};
        for (BlockDevice beyond : ways) {  // the drive itself refuses
            const uint32_t blocks = beyond.blocks;
            beyond.blocks += 1000;
            check.that(transfer_page(beyond, Direction::read, blocks + 500, frames[0]) == IoStatus::device_error, beyond.name);
            check.that(transfer_page(beyond, Direction::read, 7, frames[0]) == IoStatus::done, "and works on afterwards");
            check.that(page_numbered(frames[0], 7), "the page is the disk's");
        }
    });
}

void no_memory(Check& check) {
    const PlacedFrames frames{Place::above_4g, few};
    if (!frames) return check.skip("there is no memory above 4 GiB");
    with_disk(check, true, [&] {
        HeldPages lowmem;
        static_cast<void>(lowmem.drain(gfp_atomic));
        BlockRequest r = request(Direction::read, 1, frames, few_pages);
        check.that(transfer(disk_by_dma(), r) == IoStatus::no_memory, "nothing to bounce through");
    });
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"disk: read by DMA into every place", read_by_dma},
    {"disk: read by PIO into every place", read_by_pio},
    {"disk: write by DMA from every place", write_by_dma},
    {"disk: write by PIO from every place", write_by_pio},
    {"disk: DMA bounces what is above 4 GiB", bounces},
    {"disk: 32 pages in one request", long_request},
    {"disk: requests wait for each other", queued_requests},
    {"disk: errors are statuses", errors},
    {"disk: no memory to bounce through", no_memory},
};

}  // namespace
}  // namespace guest
