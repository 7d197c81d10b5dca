// SPDX-License-Identifier: LGPL-2.1-or-later
// The map of frames. A cell stands for one bin of the snapshot, or for several where there are more bins than room.
#include "memory_panel.hpp"

#include <algorithm>

#include "legend.hpp"
#include "map_marks.hpp"
#include "number_text.hpp"
#include "side_labels.hpp"
#include "text_fit.hpp"

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
    const uint64_t bin = now.memory.pages_per_bin * page_bytes;
    std::string text = bytes_text(now.memory.end_pfn * page_bytes);
    if (part.count < now.memory.bins.size()) text = bytes_text(part.first * bin) + " + " + bytes_text(part.count * bin) + " of " + text;
    return text;
}

MemoryPanel::Parts MemoryPanel::parts(const Canvas& canvas, Rect body) {
    Parts p;
    p.legend = body.cut_bottom(legend_height(canvas));
    body.cut_top(canvas.line_height(Font::small) / 2);
    body.cut_bottom(canvas.px(6));
    if (body.width > canvas.px(220)) p.axis = body.cut_left(canvas.text_width("1,008 MiB", Font::small) + canvas.px(6));
    if (body.width > canvas.px(160)) {
        p.names = body.cut_right(canvas.text_width("HIGHMEM", Font::small) + canvas.px(2));
        body.cut_right(canvas.px(4));
        p.bar = body.cut_right(canvas.px(5));
        body.cut_right(canvas.px(2));
    }
    p.map = body;
    return p;
}

MapGrid MemoryPanel::grid(const Canvas& canvas, Rect body, const Snapshot& now) const {
    return {parts(canvas, body).map, shown(now), canvas.px(3)};
}

void MemoryPanel::draw(Canvas& canvas, Rect body, const Snapshot& now, const Look& look) {
    const Parts p = parts(canvas, body);
    const MapGrid map = grid(canvas, body, now);
    if (map.cells() == 0) return draw_text(canvas, p.map, "The recording has no zones.", Font::text, dim_text, Align::center);
    row_items_ = map.items_per_row();
    const ItemRange part = shown(now);
    const MemoryHeat& memory = now.memory;
    const auto pages = static_cast<double>(memory.pages_per_bin);

    uint64_t most = 0, most_recent = 0;
    for (size_t cell = 0; cell < map.cells(); ++cell) {
        const Sum s = sum_of(memory, map.items(cell));
        most = std::max(most, total(s, look.heat)), most_recent = std::max(most_recent, recent(s, look.heat));
    }
    for (size_t cell = 0; cell < map.cells(); ++cell) {
        const ItemRange items = map.items(cell);
        const Sum s = sum_of(memory, items);
        const size_t zone = zone_of(now.zones, items.first * memory.pages_per_bin);
        Color color = zone < now.zones.size() ? mix(panel_ground, zone_color(now.zones[zone].name, static_cast<unsigned>(zone)), 0.22) : hole;
        if (const uint64_t n = total(s, look.heat)) color = heat_color(heat_amount(static_cast<double>(n), static_cast<double>(most)));
        if (const uint64_t n = recent(s, look.heat))
            color = mix(color, flash_fill, 0.35 + 0.5 * heat_amount(static_cast<double>(n), static_cast<double>(most_recent)));
        canvas.fill(map.cell(cell), color);
    }

    std::vector<SideLabel> names;
    std::vector<LegendItem> legend;
    for (size_t i = 0; i < now.zones.size(); ++i) {
        const Zone& zone = now.zones[i];
        if (zone.end_pfn <= zone.start_pfn) continue;
        const Color color = zone_color(zone.name, static_cast<unsigned>(i));
        const double from = static_cast<double>(zone.start_pfn) / pages, to = static_cast<double>(zone.end_pfn) / pages;
        legend.push_back({color, zone.name});
        draw_range_bar(canvas, p.bar, map, part, from, to, color);
        if (zone.start_pfn != 0) draw_border(canvas, map, part, static_cast<size_t>(from), plain_text, canvas.px(1));
        if (to <= static_cast<double>(part.first) || from >= static_cast<double>(part.first + part.count)) continue;
        names.push_back({(item_height(map, part, from) + item_height(map, part, to)) / 2, zone.name, color});
    }
    draw_side_labels(canvas, p.names, names, Font::small);
    draw_axis(canvas, p.axis, map, part, [&](size_t bin) { return bytes_text(bin * memory.pages_per_bin * page_bytes); });
    if (!p.names.empty()) legend.clear();
    legend.push_back({flash_fill, "recent"});
    draw_legend(canvas, p.legend, legend, look.heat == Heat::walks ? "page walks, few to many" : "Bochs' fills, few to many");
}

std::optional<Hit> MemoryPanel::hit(const Canvas& canvas, Rect body, const Snapshot& now, const Look&, Point at) const {
    const MapGrid map = grid(canvas, body, now);
    const std::optional<size_t> cell = map.cell_at(at);
    if (!cell) return {};
    const ItemRange items = map.items(*cell);
    const Sum s = sum_of(now.memory, items);
    const uint64_t first = items.first * now.memory.pages_per_bin, end = std::min(now.memory.end_pfn, (items.first + items.count) * now.memory.pages_per_bin);
    const size_t zone = zone_of(now.zones, first);
    Hit hit;
    hit.text = (zone < now.zones.size() ? now.zones[zone].name : std::string{"a hole: no zone"}) + ", frames " + hex_number(first) + " to " + hex_number(end - 1)
               + "\nat " + bytes_text(first * page_bytes) + ", " + bytes_text((end - first) * page_bytes) + "\n" + grouped(s.walks) + " walks (" + grouped(s.recent_walks)
               + " recent), " + grouped(s.fills) + " fills of Bochs' TLB";
    hit.mark = map.cell(*cell);
    return hit;
}

void MemoryPanel::zoom(const Canvas& canvas, Rect body, const Snapshot& now, int steps, Point at) {
    const MapGrid map = grid(canvas, body, now);
    const ItemRange part = shown(now);
    const std::optional<size_t> cell = map.cell_at(at);
    const size_t item = cell ? map.items(*cell).first : part.first + part.count / 2;
    range_ = zoomed(part, now.memory.bins.size(), steps > 0 ? 0.5 : 2, item, 16);
}

void MemoryPanel::scroll(const Snapshot& now, int rows) {
    range_ = moved(shown(now), now.memory.bins.size(), int64_t{rows} * static_cast<int64_t>(row_items_));
}

}  // namespace tools::view
