// SPDX-License-Identifier: LGPL-2.1-or-later
// The booted machine's zones: their sizes, their watermarks, and who falls back on whom.
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/test/held_pages.hpp"

namespace guest {
namespace {

// Each type's zones, of whatever node, lie between the layout's limits, and cover them where the nodes do.
void sizes_are_the_layouts(Check& check) {
    const mm::Pfn ram_end = zones().frames().end();
    check.that(direct_map_end == mm::lowmem_end(layout, ram_end), "the direct map ends where Normal does");
    for (ZoneType z : all_zones) {
        const FrameRange whole = zone_range(z, layout, ram_end);
        mm::Pages spanned{};
        for (unsigned node = 0; node < zones().nodes(); ++node) {
            const Zone& zone = zones().zone(z, node);
            if (zone.spanned().raw == 0) continue;
            check.that(zone.start() >= whole.start && zone.end() <= whole.end, name(z));
            spanned += zone.spanned();
        }
        if (zones().nodes() == 1) check.equal(spanned.raw, whole.size().raw, name(z));
    }
    check.that(zones().zone(ZoneType::dma).present() < zones().zone(ZoneType::dma).spanned(), "DMA has the hole below 1 MiB");
    check.that(zones().check(), "the zones are sound");
}

// Nodes may cut small zones off, which the page map then may fill: no test asks much of them.
bool is_large(const Zone& zone) {
    return zone.present().raw >= 1024 && 2 * zone.buddy().free_pages().raw > zone.present().raw;
}

void watermarks_are_in_order(Check& check) {
    uint32_t lowmem_min = 0, lowmem_zones = 0;
    for (const Zone* zone : zones().populated()) {
        if (zone->type() != ZoneType::highmem) lowmem_min += zone->watermarks.min.raw, ++lowmem_zones;
        if (!is_large(*zone)) continue;
        const Watermarks& marks = zone->watermarks;
        check.that(marks.min < marks.low && marks.low < marks.high, name(zone->type()));
        check.that(zone->buddy().free_pages() > zone->watermarks.high, "far from its watermarks after boot");
    }
    const uint32_t pages_min = min_free_kbytes(zones().present(ZoneType::dma) + zones().present(ZoneType::normal)) / 4;
    check.that(lowmem_min <= pages_min && lowmem_min + lowmem_zones >= pages_min, "the lowmem zones share min_free_kbytes");
}

// What requests for HIGHMEM leave free. With much HIGHMEM the reserve is more than the zone has: they get nothing of it.
uint32_t kept_from_highmem(const Zone& zone) {
    const uint32_t kept = zone.watermarks.min.raw + zone.reserve[index_of(ZoneType::highmem)].raw;
    return kept < zone.buddy().free_pages().raw ? kept : zone.buddy().free_pages().raw;
}

// What is left when a zone type was drained down to min.
uint32_t min_of(ZoneType z) {
    uint32_t sum = 0;
    for (unsigned node = 0; node < zones().nodes(); ++node) {
        const Zone& zone = zones().zone(z, node);
        const uint32_t min = zone.watermarks.min.raw, free = zone.buddy().free_pages().raw;
        sum += min < free ? min : free;
    }
    return sum;
}
uint32_t kept_from_highmem(ZoneType z) {
    uint32_t sum = 0;
    for (unsigned node = 0; node < zones().nodes(); ++node) sum += kept_from_highmem(zones().zone(z, node));
    return sum;
}

void highmem_falls_back(Check& check) {
    if (zones().present(ZoneType::normal).raw == 0) return check.skip("16 MiB or less: all memory is DMA memory");
    const uint32_t before = zones().free_pages().raw;
    const uint32_t normal_keeps = kept_from_highmem(ZoneType::normal), dma_keeps = kept_from_highmem(ZoneType::dma);
    const uint32_t normal_min = min_of(ZoneType::normal), highmem_min = min_of(ZoneType::highmem);
    {
        HeldPages held;
        check.that(held.drain(gfp_highuser) == Shortage::watermark, "the zones keep something back");
        check.equal(free_in(ZoneType::highmem), highmem_min, "HighMem ends at its min watermark");
        check.equal(free_in(ZoneType::normal), normal_keeps, "Normal keeps min and the reserve");
        check.equal(free_in(ZoneType::dma), dma_keeps, "DMA keeps min and the reserve");
        check.that(held.drain(gfp_kernel) == Shortage::watermark, "the kernel digs into Normal's reserve");
        check.equal(free_in(ZoneType::normal), normal_min, "and stops at min");
        check.that(held.drain(gfp_atomic) == Shortage::watermark, "who cannot wait digs deeper");
        check.that(free_in(ZoneType::normal) < normal_min, "below min");
        check.that(free_in(ZoneType::normal) > 0, "but not to the last page");
        check.that(zones().check(), "the zones are sound while short");
    }
    check.equal(zones().free_pages().raw, before, "free pages afterwards");
    check.that(zones().check(), "the zones are sound afterwards");
}

void each_request_has_its_zone(Check& check) {
    if (zones().present(ZoneType::normal).raw == 0) return check.skip("16 MiB or less: all memory is DMA memory");
    constexpr Request requests[] = {gfp_dma, gfp_kernel, gfp_atomic, gfp_user, gfp_highuser, gfp_emergency};
    for (const Request& request : requests) {
        const Allocation page = zones().allocate(request, 0);
        check.that(static_cast<bool>(page), "a page");
        const bool exists = zones().present(request.best).raw != 0;
        const ZoneType expected = exists ? request.best : ZoneType::normal;
        check.that(zones().zone_of(page.first).type() == expected, name(expected));
        zones().free(page.first, 0);
    }
}

// A node's request is served by that node while it has the zone.
void nodes_serve_their_own(Check& check) {
    if (zones().nodes() == 1) return check.skip("one node; nodes= on the command line makes more");
    for (const Zone* zone : zones().populated()) {
        if (!is_large(*zone)) continue;
        const Allocation page = zones().allocate(Request{zone->type()}.on(zone->node()), 0);
        check.that(static_cast<bool>(page), "a page");
        check.that(&zones().zone_of(page.first) == zone, "it is of the zone and node that was asked for");
        zones().free(page.first, 0);
    }
}

// Lowmem of all nodes goes before any DMA memory: Linux' zone order.
void nodes_fall_back_in_zone_order(Check& check) {
    if (zones().nodes() == 1) return check.skip("one node; nodes= on the command line makes more");
    const uint32_t before = zones().free_pages().raw, dma = free_in(ZoneType::dma);
    bool has_pages[max_nodes];
    for (unsigned node = 0; node < zones().nodes(); ++node) has_pages[node] = is_large(zones().zone(ZoneType::normal, node));
    {
        HeldPages held;
        for (Allocation page = zones().allocate(gfp_kernel, 0); page; page = zones().allocate(gfp_kernel, 0)) {
            held.hold(page.first);
            if (free_in(ZoneType::dma) != dma) break;
        }
        for (unsigned node = 0; node < zones().nodes(); ++node) {
            const Zone& normal = zones().zone(ZoneType::normal, node);
            if (!has_pages[node]) continue;
            check.equal(normal.buddy().free_pages().raw, normal.watermarks.low.raw, "Normal is at its low mark");
        }
        check.equal(free_in(ZoneType::dma), dma - 1, "when the first DMA page is taken");
    }
    check.equal(zones().free_pages().raw, before, "free pages afterwards");
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"zone: sizes are those of the layout", sizes_are_the_layouts},
    {"zone: watermarks", watermarks_are_in_order},
    {"zone: HighMem falls back on Normal and DMA, and leaves their reserves", highmem_falls_back},
    {"zone: each request is served from its best zone", each_request_has_its_zone},
    {"node: a request is served by the node that it names", nodes_serve_their_own},
    {"node: Normal of all nodes is used before DMA", nodes_fall_back_in_zone_order},
};

}  // namespace
}  // namespace guest
