// SPDX-License-Identifier: LGPL-2.1-or-later
// The booted machine's zones: their sizes, their watermarks, and who falls back on whom.
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/test/held_pages.hpp"

namespace guest {
namespace {

void sizes_are_the_layouts(Check& check) {
    const mm::Pfn ram_end = zones().zone(ZoneType::highmem).end();
    const uint32_t limit = mm::frame_of(mm::PhysAddr{layout.lowmem_bytes}).raw;
    const uint32_t low_end = ram_end.raw < limit ? ram_end.raw : limit;
    check.equal(zones().zone(ZoneType::dma).start().raw, 0, "DMA's first frame");
    const uint32_t dma_end = ram_end.raw < 4096 ? ram_end.raw : 4096;
    check.equal(zones().zone(ZoneType::dma).end().raw, dma_end, "DMA's end: 16 MiB");
    check.equal(zones().zone(ZoneType::normal).start().raw, dma_end, "Normal's first frame");
    check.equal(zones().zone(ZoneType::normal).end().raw, low_end, "Normal's end");
    check.equal(zones().zone(ZoneType::highmem).start().raw, low_end, "HighMem's first frame");
    check.that(direct_map_end.raw == low_end, "the direct map ends where Normal does");
    check.that(zones().zone(ZoneType::dma).present() < zones().zone(ZoneType::dma).spanned(), "DMA has the hole below 1 MiB");
    check.that(zones().check(), "the zones are sound");
}

void watermarks_are_in_order(Check& check) {
    uint32_t lowmem_min = 0;
    for (ZoneType z : all_zones) {
        const Zone& zone = zones().zone(z);
        if (zone.present().raw == 0) continue;
        check.that(zone.watermarks.min < zone.watermarks.low && zone.watermarks.low < zone.watermarks.high, name(z));
        check.that(zone.buddy().free_pages() > zone.watermarks.high, "far from its watermarks after boot");
        if (z != ZoneType::highmem) lowmem_min += zone.watermarks.min.raw;
    }
    const mm::Pages lowmem = zones().zone(ZoneType::dma).present() + zones().zone(ZoneType::normal).present();
    const uint32_t pages_min = min_free_kbytes(lowmem) / 4;
    check.that(lowmem_min <= pages_min && lowmem_min + 2 > pages_min, "DMA and Normal share min_free_kbytes");
}

// What requests for HIGHMEM leave free. With much HIGHMEM the reserve is more than the zone has: they get nothing of it.
uint32_t kept_from_highmem(const Zone& zone) {
    const uint32_t kept = zone.watermarks.min.raw + zone.reserve[index_of(ZoneType::highmem)].raw;
    return kept < zone.buddy().free_pages().raw ? kept : zone.buddy().free_pages().raw;
}

void highmem_falls_back(Check& check) {
    const Zone &high = zones().zone(ZoneType::highmem), &normal = zones().zone(ZoneType::normal), &dma = zones().zone(ZoneType::dma);
    if (normal.present().raw == 0) return check.skip("16 MiB or less: all memory is DMA memory");
    const uint32_t before = zones().free_pages().raw, normal_keeps = kept_from_highmem(normal), dma_keeps = kept_from_highmem(dma);
    {
        HeldPages held;
        check.that(held.drain(gfp_highuser) == Shortage::watermark, "the zones keep something back");
        check.equal(free_in(ZoneType::highmem), high.watermarks.min.raw, "HighMem ends at its min watermark");
        check.equal(free_in(ZoneType::normal), normal_keeps, "Normal keeps min and the reserve");
        check.equal(free_in(ZoneType::dma), dma_keeps, "DMA keeps min and the reserve");
        check.that(held.drain(gfp_kernel) == Shortage::watermark, "the kernel digs into Normal's reserve");
        check.equal(free_in(ZoneType::normal), normal.watermarks.min.raw, "and stops at min");
        check.that(held.drain(gfp_atomic) == Shortage::watermark, "who cannot wait digs deeper");
        check.that(free_in(ZoneType::normal) < normal.watermarks.min.raw, "below min");
        check.that(free_in(ZoneType::normal) > 0, "but not to the last page");
        check.that(zones().check(), "the zones are sound while short");
    }
    check.equal(zones().free_pages().raw, before, "free pages afterwards");
    check.that(zones().check(), "the zones are sound afterwards");
}

void each_request_has_its_zone(Check& check) {
    if (zones().zone(ZoneType::normal).present().raw == 0) return check.skip("16 MiB or less: all memory is DMA memory");
    constexpr Request requests[] = {gfp_dma, gfp_kernel, gfp_highuser};
    for (const Request& request : requests) {
        const Allocation page = zones().allocate(request, 0);
        check.that(static_cast<bool>(page), "a page");
        const bool exists = zones().zone(request.best).present().raw != 0;
        const ZoneType expected = exists ? request.best : ZoneType::normal;
        check.that(zones().zone_of(page.first).type() == expected, name(expected));
        zones().free(page.first, 0);
    }
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"zone: sizes are those of the layout", sizes_are_the_layouts},
    {"zone: watermarks", watermarks_are_in_order},
    {"zone: HighMem falls back on Normal and DMA, and leaves their reserves", highmem_falls_back},
    {"zone: each request is served from its best zone", each_request_has_its_zone},
};

}  // namespace
}  // namespace guest
