// SPDX-License-Identifier: LGPL-2.1-or-later
// The map of directory slots. A large page is a whole cell, a page table a striped one, what is not present a hollow one.
#include "linear_panel.hpp"

#include <algorithm>

#include "legend.hpp"
#include "linear_slots.hpp"
#include "map_marks.hpp"
#include "number_text.hpp"
#include "side_labels.hpp"
#include "text_fit.hpp"

namespace tools::view {

std::string LinearPanel::subtitle(const Snapshot& now, const Look&) const {
    if (now.linear.slots.empty()) return {};
    const ItemRange part = shown(now);
    std::string text = "CR3 " + hex_address(now.linear.root) + ", " + bytes_text(uint64_t{1} << now.linear.slot_shift) + " a cell";
    if (part.count < now.linear.slots.size()) text = hex_address(uint64_t{part.first} << now.linear.slot_shift) + " + " + bytes_text(uint64_t{part.count} << now.linear.slot_shift);
    return text;
}

LinearPanel::Parts LinearPanel::parts(const Canvas& canvas, Rect body) {
    Parts p;
    p.legend = body.cut_bottom(legend_height(canvas));
    body.cut_top(canvas.line_height(Font::small) / 2);
    body.cut_bottom(canvas.px(6));
    if (body.width > canvas.px(220)) p.axis = body.cut_left(canvas.text_width("c0000000", Font::small) + canvas.px(6));
    if (body.width > canvas.px(160)) {
        p.names = body.cut_right(canvas.text_width("trampoline", Font::small) + canvas.px(2));
        body.cut_right(canvas.px(4));
        p.bars = body.cut_right(canvas.px(11));
        body.cut_right(canvas.px(2));
    }
    p.map = body;
    return p;
}

MapGrid LinearPanel::grid(const Canvas& canvas, Rect body, const Snapshot& now) const {
    return {parts(canvas, body).map, shown(now), canvas.px(4)};
}

void LinearPanel::draw_regions(Canvas& canvas, const Parts& p, const MapGrid& map, const Snapshot& now) const {
    if (p.bars.empty()) return;
    const ItemRange part = shown(now);
    const double slot = static_cast<double>(uint64_t{1} << now.linear.slot_shift);
    std::vector<SideLabel> names;
    for (size_t i = 0; i < now.regions.size(); ++i) {
        const Region& region = now.regions[i];
        if (region.end <= region.start) continue;
        const Color color = region_color(region.name, static_cast<unsigned>(i));
        const double from = static_cast<double>(region.start) / slot, to = static_cast<double>(region.end) / slot;
        // At 4:4 the user's region lies beside the kernel's, so each half has a lane of its own.
        const int lane = p.bars.width / 2;
        const Rect bar{region.name == "user" ? p.bars.x : p.bars.x + p.bars.width - lane, p.bars.y, lane, p.bars.height};
        draw_range_bar(canvas, bar, map, part, from, to, color);
        if (to <= static_cast<double>(part.first) || from >= static_cast<double>(part.first + part.count)) continue;
        names.push_back({(item_height(map, part, from) + item_height(map, part, to)) / 2, region.name, color});
    }
    draw_side_labels(canvas, p.names, names, Font::small);
}

void LinearPanel::draw_split(Canvas& canvas, const Parts& p, const MapGrid& map, const Snapshot& now) const {
    if (now.linear.split == 0) return;
    const auto slot = static_cast<size_t>(now.linear.split >> now.linear.slot_shift);
    const ItemRange part = shown(now);
    if (slot <= part.first || slot >= part.first + part.count) return;
    draw_border(canvas, map, part, slot, plain_text, canvas.px(2));
    const std::string label = "PAGE_OFFSET " + hex_address(now.linear.split);
    const int height = canvas.line_height(Font::small), width = canvas.text_width(label, Font::small) + canvas.px(8);
    if (width > p.map.width) return;
    const int line = item_height(map, part, static_cast<double>(slot));
    const int y = line - height - canvas.px(3) >= p.map.y ? line - height - canvas.px(3) : line + canvas.px(3);
    const Rect box{p.map.x + (p.map.width - width) / 2, y, width, height};
    canvas.fill(box, with_alpha(background, 0.85));
    draw_text(canvas, box, label, Font::small, plain_text, Align::center);
}

void LinearPanel::draw(Canvas& canvas, Rect body, const Snapshot& now, const Look& look) {
    const Parts p = parts(canvas, body);
    const MapGrid map = grid(canvas, body, now);
    if (map.cells() == 0) return draw_text(canvas, p.map, "Paging is off, or of long mode.", Font::text, dim_text, Align::center);
    row_items_ = map.items_per_row();
    const ItemRange part = shown(now);
    uint64_t most = 0, most_recent = 0;
    for (size_t cell = 0; cell < map.cells(); ++cell) {
        const SlotSum s = sum_of_slots(now.linear, map.items(cell));
        most = std::max(most, s.walks), most_recent = std::max(most_recent, s.recent_walks);
    }
    for (size_t cell = 0; cell < map.cells(); ++cell)
        draw_slot(canvas, map.cell(cell), sum_of_slots(now.linear, map.items(cell)), color_of_slot(now, map.items(cell)), most, most_recent);
    draw_split(canvas, p, map, now);
    draw_regions(canvas, p, map, now);
    draw_axis(canvas, p.axis, map, part, [&](size_t slot) { return hex_address(uint64_t{slot} << now.linear.slot_shift); });
    if (look.selected) {
        const size_t slot = *look.selected >> now.linear.slot_shift;
        if (slot >= part.first && slot < part.first + part.count) canvas.outline(map.cell(map.cell_of(slot)), plain_text, canvas.px(2));
    }
    draw_slot_legend(canvas, p.legend);
}

std::optional<Hit> LinearPanel::hit(const Canvas& canvas, Rect body, const Snapshot& now, const Look&, Point at) const {
    const MapGrid map = grid(canvas, body, now);
    const std::optional<size_t> cell = map.cell_at(at);
    if (!cell) return {};
    const ItemRange items = map.items(*cell);
    const uint64_t first = uint64_t{items.first} << now.linear.slot_shift, end = uint64_t{items.first + items.count} << now.linear.slot_shift;
    Hit hit;
    hit.linear = static_cast<uint32_t>(first);
    hit.mark = map.cell(*cell);
    hit.text = hex_address(first) + " to " + hex_address(end - 1) + ", " + regions_at(now, first, end) + "\n" + describe_slots(now, items);
    return hit;
}

void LinearPanel::zoom(const Canvas& canvas, Rect body, const Snapshot& now, int steps, Point at) {
    const MapGrid map = grid(canvas, body, now);
    const ItemRange part = shown(now);
    const std::optional<size_t> cell = map.cell_at(at);
    const size_t item = cell ? map.items(*cell).first : part.first + part.count / 2;
    range_ = zoomed(part, now.linear.slots.size(), steps > 0 ? 0.5 : 2, item, 16);
}

void LinearPanel::scroll(const Snapshot& now, int rows) {
    range_ = moved(shown(now), now.linear.slots.size(), int64_t{rows} * static_cast<int64_t>(row_items_));
}

}  // namespace tools::view
