// SPDX-License-Identifier: LGPL-2.1-or-later
// The map of directory slots. A large page is a whole cell, a page table a striped one, what is not present a hollow one.
#include "linear_panel.hpp"

#include <algorithm>

#include "linear_slots.hpp"
#include "map_marks.hpp"
#include "number_text.hpp"
#include "text_fit.hpp"

namespace tools::view {

std::string LinearPanel::subtitle(const Snapshot& now, const Look&) const {
    if (now.linear.slots.empty()) return {};
    const ItemRange part = shown(now);
    if (part.count < now.linear.slots.size()) return place_name(now, part.first) + " + " + bytes_text(uint64_t{part.count} << now.linear.slot_shift);
    return (now.linear.split.own_spaces ? "kernel and programs apart, " : "") + bytes_text(uint64_t{1} << now.linear.slot_shift) + " a cell";
}

std::string LinearPanel::place_name(const Snapshot& now, size_t slot) const { return hex_address(uint64_t{slot} << now.linear.slot_shift); }

std::vector<SideLabel> LinearPanel::draw_ranges(const Drawing& d) const {
    draw_split(d);
    std::vector<SideLabel> names;
    const Rect bars = d.parts.bars;
    const double slot = static_cast<double>(uint64_t{1} << d.now.linear.slot_shift);
    for (size_t i = 0; i < d.now.regions.size() && !bars.empty(); ++i) {
        const Region& region = d.now.regions[i];
        if (region.end <= region.start) continue;
        const Color color = region_color(region.name, static_cast<unsigned>(i));
        const double from = static_cast<double>(region.start) / slot, to = static_cast<double>(region.end) / slot;
        // At 4:4 the user's region lies beside the kernel's, so each half has a lane of its own.
        const int lane = bars.width / 2;
        const Rect bar{region.name == "user" ? bars.x : bars.x + bars.width - lane, bars.y, lane, bars.height};
        draw_range_bar(d.canvas, bar, d.map, d.part, from, to, color);
        if (d.shows(from, to)) names.push_back({(item_height(d.map, d.part, from) + item_height(d.map, d.part, to)) / 2, region.name, color});
    }
    if (d.look.selected) {
        const size_t chosen = *d.look.selected >> d.now.linear.slot_shift;
        if (chosen >= d.part.first && chosen < d.part.first + d.part.count) d.canvas.outline(d.map.cell(d.map.cell_of(chosen)), plain_text, d.canvas.px(2));
    }
    draw_slot_legend(d.canvas, d.parts.legend);
    return names;
}

void LinearPanel::draw_split(const Drawing& d) {
    const SplitLine& split = d.now.linear.split;
    if (split.page_offset == 0) return;
    Canvas& canvas = d.canvas;
    const Rect area = d.parts.map;
    const auto slot = static_cast<size_t>(split.page_offset >> d.now.linear.slot_shift);
    if (slot <= d.part.first || slot >= d.part.first + d.part.count) return;
    draw_border(canvas, d.map, d.part, slot, plain_text, canvas.px(2));
    const int height = canvas.line_height(Font::small), edges = canvas.px(8);
    std::string label = "PAGE_OFFSET " + hex_address(split.page_offset);
    // What it means at 4:4 is said where most of the map stays free.
    if (const std::string more = label + ": " + split_words(split); split.own_spaces && canvas.text_width(more, Font::small) + edges <= area.width * 2 / 3) label = more;
    const int width = canvas.text_width(label, Font::small) + edges;
    if (width > area.width) return;
    // Where the line has a step the label is out of its way, at the right, under the lower part.
    const size_t row = d.map.cell_of(slot) / d.map.columns();
    const bool step = d.map.cell_of(slot) % d.map.columns() != 0;
    const int above = d.map.row_top(row) - height - canvas.px(3), below = d.map.row_top(step ? row + 1 : row) + canvas.px(3);
    const Rect box{area.x + (area.width - width) / (step ? 1 : 2), above >= area.y ? above : below, width, height};
    canvas.fill(box, with_alpha(background, 0.85));
    draw_text(canvas, box, label, Font::small, plain_text, Align::center);
}

void LinearPanel::draw_cells(const Drawing& d) const {
    uint64_t most = 0, most_recent = 0;
    for (size_t cell = 0; cell < d.map.cells(); ++cell) {
        const SlotSum s = sum_of_slots(d.now.linear, d.map.items(cell));
        most = std::max(most, s.walks), most_recent = std::max(most_recent, s.recent_walks);
    }
    for (size_t cell = 0; cell < d.map.cells(); ++cell)
        draw_slot(d.canvas, d.map.cell(cell), sum_of_slots(d.now.linear, d.map.items(cell)), color_of_slot(d.now, d.map.items(cell)), most, most_recent);
}

Hit LinearPanel::describe(const Snapshot& now, ItemRange slots) const {
    const uint64_t first = uint64_t{slots.first} << now.linear.slot_shift, end = uint64_t{slots.first + slots.count} << now.linear.slot_shift;
    return {hex_address(first) + " to " + hex_address(end - 1) + ", " + regions_at(now, first, end) + "\n" + describe_slots(now, slots), static_cast<uint32_t>(first), {}};
}

}  // namespace tools::view
