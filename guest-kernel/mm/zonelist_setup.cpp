// SPDX-License-Identifier: LGPL-2.1-or-later
// The zones of a machine: their frames, watermarks and reserves, and the order in which requests try them.
#include "guest-kernel/mm/zonelist.hpp"

namespace guest {

using mm::Pages;
using mm::Pfn;

Zonelist::Zonelist(const mm::Layout& layout, const FrameRanges& ram, const FrameTable& frames, const NodeMap& nodes)
    : frames_{frames}, lowmem_end_{mm::lowmem_end(layout, frames.end())}, node_count_{nodes.size()} {
    make_zones(layout, ram, nodes);
    set_watermarks();
    for (unsigned node = 0; node < node_count_; ++node) {
        set_reserves(node);
        for (ZoneType best : all_zones) set_fallback(node, best);
    }
}

// Nodes and zone types are both in the order of their frames, hence by_frame_ is.
void Zonelist::make_zones(const mm::Layout& layout, const FrameRanges& ram, const NodeMap& nodes) {
    for (unsigned node = 0; node < node_count_; ++node)
        for (ZoneType z : all_zones) {
            const FrameRange range = zone_range(z, layout, frames_.end(), nodes[node]);
            zone(z, node) = Zone{z, node, range, ram.pages_within(range), frames_};
            if (range.size().raw != 0) by_frame_[populated_++] = &zone(z, node);
        }
}

void Zonelist::set_watermarks() {
    const Pages lowmem = present(ZoneType::dma) + present(ZoneType::normal);
    for (Zone* zone : populated())
        zone->watermarks = zone->type() == ZoneType::highmem ? highmem_watermarks(zone->present(), lowmem)
                                                             : lowmem_watermarks(zone->present(), lowmem);
}

// By node: a zone keeps back a part of what the zones above it in its own node hold.
void Zonelist::set_reserves(unsigned node) {
    for (unsigned lower = 0; lower < zone_count; ++lower) {
        Pages above{};
        for (unsigned best = lower + 1; best < zone_count; ++best) {
            above += zones_[node][best].present();
            zones_[node][lower].reserve[best] = Pages{above.raw / lowmem_reserve_ratio[lower]};
        }
    }
}

// As Linux' build_zonelists, which leaves empty zones out: a split without HIGHMEM must not pay for looking into it.
void Zonelist::set_fallback(unsigned node, ZoneType best) {
    Zone** end = fallback_[node][index_of(best)];
    for (unsigned type = index_of(best) + 1; type-- > 0;)
        for (unsigned step = 0; step < node_count_; ++step) {
            Zone& zone = zones_[(node + step) % node_count_][type];
            if (zone.present().raw != 0) *end++ = &zone;
        }
}

void Zonelist::add(const FrameRanges& unused) {
    for (unsigned index = unused.size(); index-- > 0;)
        for (Zone* zone : populated()) {
            const FrameRange range = unused[index];
            const Pfn start = range.start < zone->start() ? zone->start() : range.start;
            const Pfn end = range.end < zone->end() ? range.end : zone->end();
            if (start < end) zone->buddy().add(start, end);
        }
}

Pages Zonelist::present(ZoneType z) const {
    Pages sum{};
    for (unsigned node = 0; node < node_count_; ++node) sum += zone(z, node).present();
    return sum;
}

Pages Zonelist::free_pages(ZoneType z) const {
    Pages sum{};
    for (unsigned node = 0; node < node_count_; ++node) sum += zone(z, node).buddy().free_pages();
    return sum;
}

}  // namespace guest
