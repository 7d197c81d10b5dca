// SPDX-License-Identifier: LGPL-2.1-or-later
// What a read costs by where its page lies: at once, through a bounce page, or moved by the processor.
#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/io/bounce.hpp"
#include "guest-kernel/kernel/io/disk.hpp"
#include "guest-kernel/kernel/io/floppy.hpp"
#include "guest-kernel/workload/io_workloads.hpp"
#include "guest-kernel/workload/measure.hpp"
#include "guest-kernel/workload/page_contents.hpp"

namespace guest {
namespace {

constexpr unsigned frames_order = 5;
constexpr uint32_t frame_count = 1 << frames_order;
constexpr uint32_t first_block = 64;  // on a floppy's third cylinder

// Null, or why there is no such device.
const char* find_device(Way way, BlockDevice*& out) {
    if (way == Way::floppy) {
        out = &floppy_by_dma();
        return probe_floppy().missing;
    }
    out = way == Way::dma ? &disk_by_dma() : &disk_by_pio();
    const char* const missing = probe_data_disk().missing;
    return !missing && out->blocks == 0 ? "the disk's controller is no bus master" : missing;
}

bool skip(Span span, const char* why, const char* detail = "") {
    print("workload ", name(span), " skipped: ", why, detail, "\n");
    return true;
}

struct Counters {
    BounceCounters bounces = bounce_counters();
    uint32_t pio = pio_kmaps();
    uint32_t pages = io_counters().pages;
};

void report(Span span, const Counters& before) {
    const BounceCounters& now = bounce_counters();
    const uint32_t bounced = now.dma - before.bounces.dma + now.normal - before.bounces.normal;
    print("measure: pages-", name(span), " ", io_counters().pages - before.pages, " pages\n");
    print("measure: bounces-", name(span), " ", bounced, " pages\n");
    print("measure: kmaps-", name(span), " ", now.kmaps - before.bounces.kmaps + pio_kmaps() - before.pio, " maps\n");
}

}  // namespace

bool read_pages(Span span, Way way, Place place, uint32_t iterations) {
    BlockDevice* device = nullptr;
    if (const char* missing = find_device(way, device)) return skip(span, missing);
    const PlacedFrames frames{place, frames_order};
    if (!frames) return skip(span, "no memory at ", name(place));

    const Counters before;
    const bool good = measure(span, iterations, [&](uint32_t i) {
        return transfer_page(*device, Direction::read, first_block + i, frames[i]) == IoStatus::done;
    });
    report(span, before);
    const uint32_t end = warm_up_iterations + iterations;
    for (uint32_t i = end - frame_count; i < end; ++i)
        if (!page_numbered(frames[i], first_block + i, way == Way::floppy ? Numbering::by_sector : Numbering::by_page)) return false;
    return good;
}

}  // namespace guest
