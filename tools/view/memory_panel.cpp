// SPDX-License-Identifier: LGPL-2.1-or-later
// The map of frames. A cell stands for one bin of the snapshot, or for several where there are more bins than room.
#include "memory_panel.hpp"

#include <algorithm>

#include "legend.hpp"
#include "map_marks.hpp"
#include "number_text.hpp"

namespace tools::view {
namespace {

constexpr uint64_t page_bytes = 4096;

struct Sum {
    uint64_t walks = 0, fills = 0, recent_walks = 0, recent_fills = 0;
};
Sum sum_of(const MemoryHeat& memory, ItemRange items) {
    Sum s;
    for (size_t i = items.first; i < items.first + items.count; ++i) {
        const HeatBin& bin = memory.bins[i];
        s.walks += bin.walks, s.fills += bin.fills, s.recent_walks += bin.recent_walks, s.recent_fills += bin.recent_fills;
    }
    return s;
}
uint64_t total(const Sum& s, Heat heat) { return heat == Heat::walks ? s.walks : s.fills; }
uint64_t recent(const Sum& s, Heat heat) { return heat == Heat::walks ? s.recent_walks : s.recent_fills; }

// The zone of a frame; the number of zones if it is in none: a hole.
size_t zone_of(const std::vector<Zone>& zones, uint64_t pfn) {
    for (size_t i = 0; i < zones.size(); ++i)
        if (pfn >= zones[i].start_pfn && pfn < zones[i].end_pfn) return i;
    return zones.size();
}

}  // namespace

std::string MemoryPanel::subtitle(const Snapshot& now, const Look&) const {
    if (now.memory.bins.empty()) return {};
    const ItemRange part = shown(now);
    std::string text = bytes_text(now.memory.end_pfn * page_bytes);
    if (part.count < now.memory.bins.size())
        text = place_name(now, part.first) + " + " + bytes_text(part.count * now.memory.pages_per_bin * page_bytes) + " of " + text;
    return text;
}

std::string MemoryPanel::place_name(const Snapshot& now, size_t bin) const { return bytes_text(bin * now.memory.pages_per_bin * page_bytes); }

void MemoryPanel::draw_cells(const Drawing& d) const {
    const MemoryHeat& memory = d.now.memory;
    const Heat heat = d.look.heat;
    uint64_t most = 0, most_recent = 0;
    for (size_t cell = 0; cell < d.map.cells(); ++cell) {
        const Sum s = sum_of(memory, d.map.items(cell));
        most = std::max(most, total(s, heat)), most_recent = std::max(most_recent, recent(s, heat));
    }
    for (size_t cell = 0; cell < d.map.cells(); ++cell) {
        const ItemRange items = d.map.items(cell);
        const Sum s = sum_of(memory, items);
        const size_t zone = zone_of(d.now.zones, items.first * memory.pages_per_bin);
        Color color = zone < d.now.zones.size() ? mix(panel_ground, zone_color(d.now.zones[zone].name, static_cast<unsigned>(zone)), 0.22) : hole;
        if (const uint64_t n = total(s, heat)) color = heat_color(heat_amount(static_cast<double>(n), static_cast<double>(most)));
        if (const uint64_t n = recent(s, heat))
            color = mix(color, flash_fill, 0.35 + 0.5 * heat_amount(static_cast<double>(n), static_cast<double>(most_recent)));
        d.canvas.fill(d.map.cell(cell), color);
    }
}

std::vector<SideLabel> MemoryPanel::draw_ranges(const Drawing& d) const {
    const auto pages = static_cast<double>(d.now.memory.pages_per_bin);
    std::vector<SideLabel> names;
    std::vector<LegendItem> legend;
    for (size_t i = 0; i < d.now.zones.size(); ++i) {
        const Zone& zone = d.now.zones[i];
        if (zone.end_pfn <= zone.start_pfn) continue;
        const Color color = zone_color(zone.name, static_cast<unsigned>(i));
        const double from = static_cast<double>(zone.start_pfn) / pages, to = static_cast<double>(zone.end_pfn) / pages;
        if (d.parts.names.empty()) legend.push_back({color, zone.name});
        draw_range_bar(d.canvas, d.parts.bars, d.map, d.part, from, to, color);
        if (zone.start_pfn != 0) draw_border(d.canvas, d.map, d.part, static_cast<size_t>(from), plain_text, d.canvas.px(1));
        if (d.shows(from, to)) names.push_back({(item_height(d.map, d.part, from) + item_height(d.map, d.part, to)) / 2, zone.name, color});
    }
    legend.push_back({flash_fill, "recent"});
    draw_legend(d.canvas, d.parts.legend, legend, d.look.heat == Heat::walks ? "page walks, few to many" : "Bochs' fills, few to many");
    return names;
}

Hit MemoryPanel::describe(const Snapshot& now, ItemRange items) const {
    const Sum s = sum_of(now.memory, items);
    const uint64_t first = items.first * now.memory.pages_per_bin, end = std::min(now.memory.end_pfn, (items.first + items.count) * now.memory.pages_per_bin);
    const size_t zone = zone_of(now.zones, first);
    return {(zone < now.zones.size() ? now.zones[zone].name : std::string{"a hole: no zone"}) + ", frames " + hex_number(first) + " to " + hex_number(end - 1)
                + "\nat " + bytes_text(first * page_bytes) + ", " + bytes_text((end - first) * page_bytes) + "\n" + grouped(s.walks) + " walks (" + grouped(s.recent_walks)
                + " recent), " + grouped(s.fills) + " fills of Bochs' TLB",
            {}, {}};
}

}  // namespace tools::view
