// SPDX-License-Identifier: LGPL-2.1-or-later
// Divides the panel, and does what all maps do.
#include "map_panel.hpp"

#include "legend.hpp"
#include "map_marks.hpp"
#include "text_fit.hpp"

namespace tools::view {
namespace {

constexpr int least_width_with_axis = 220, least_width_with_names = 160;
constexpr size_t least_items = 16;  // that are shown, however near

}  // namespace

MapPanel::Parts MapPanel::parts(const Canvas& canvas, Rect body) const {
    Parts p;
    p.legend = body.cut_bottom(legend_height(canvas));
    body.cut_top(canvas.line_height(Font::small) / 2);
    body.cut_bottom(canvas.px(6));
    if (body.width > canvas.px(least_width_with_axis)) p.axis = body.cut_left(canvas.text_width(style_.axis, Font::small) + canvas.px(6));
    if (body.width > canvas.px(least_width_with_names)) {
        p.names = body.cut_right(canvas.text_width(style_.names, Font::small) + canvas.px(2));
        body.cut_right(canvas.px(4));
        p.bars = body.cut_right(canvas.px(style_.bars));
        body.cut_right(canvas.px(2));
    }
    p.map = body;
    return p;
}

MapGrid MapPanel::grid(const Canvas& canvas, Rect map, const Snapshot& now) const { return {map, shown(now), canvas.px(style_.least_cell)}; }

void MapPanel::draw(Canvas& canvas, Rect body, const Snapshot& now, const Look& look) {
    const Parts p = parts(canvas, body);
    const MapGrid map = grid(canvas, p.map, now);
    if (map.cells() == 0) return draw_text(canvas, p.map, nothing(now), Font::text, dim_text, Align::center);
    row_items_ = map.items_per_row();
    const Drawing d{canvas, p, map, shown(now), now, look};
    draw_cells(d);
    draw_side_labels(canvas, p.names, draw_ranges(d), Font::small);
    draw_axis(canvas, p.axis, map, d.part, [&](size_t item) { return place_name(now, item); });
}

std::optional<Hit> MapPanel::hit(const Canvas& canvas, Rect body, const Snapshot& now, const Look&, Point at) const {
    const MapGrid map = grid(canvas, parts(canvas, body).map, now);
    const std::optional<size_t> cell = map.cell_at(at);
    if (!cell) return {};
    Hit hit = describe(now, map.items(*cell));
    hit.mark = map.cell(*cell);
    return hit;
}

void MapPanel::zoom(const Canvas& canvas, Rect body, const Snapshot& now, int steps, Point at) {
    const MapGrid map = grid(canvas, parts(canvas, body).map, now);
    const ItemRange part = shown(now);
    const std::optional<size_t> cell = map.cell_at(at);
    const size_t item = cell ? map.items(*cell).first : part.first + part.count / 2;
    range_ = zoomed(part, items(now), steps > 0 ? 0.5 : 2, item, least_items);
}

void MapPanel::scroll(const Snapshot& now, int rows) { range_ = moved(shown(now), items(now), int64_t{rows} * static_cast<int64_t>(row_items_)); }

}  // namespace tools::view
