// SPDX-License-Identifier: LGPL-2.1-or-later
// What is drawn around and over the cells of a map.
#include "map_marks.hpp"

#include <algorithm>

#include "text_fit.hpp"

namespace tools::view {

int item_height(const MapGrid& grid, ItemRange shown, double item) {
    const double at = (item - static_cast<double>(shown.first)) / static_cast<double>(grid.items_per_row());
    const double row = std::clamp(at, 0.0, static_cast<double>(grid.rows()));
    const auto whole = static_cast<size_t>(row);
    if (whole >= grid.rows()) return grid.row_top(grid.rows());
    return grid.row_top(whole) + static_cast<int>((row - static_cast<double>(whole)) * (grid.row_top(whole + 1) - grid.row_top(whole)));
}

void draw_axis(Canvas& canvas, Rect where, const MapGrid& grid, ItemRange shown, const std::function<std::string(size_t)>& name) {
    if (grid.cells() == 0) return;
    const int height = canvas.line_height(Font::small);
    size_t step = 1;
    while (step < grid.rows() && grid.row_top(step) - grid.row_top(0) < height * 3 / 2) step *= 2;
    for (size_t row = 0; row < grid.rows(); row += step) {
        const int y = grid.row_top(row);
        if (y + height > where.bottom() + height / 2) return;
        canvas.fill({where.right() - canvas.px(3), y, canvas.px(3), canvas.px(1)}, dim_text);
        const Rect label{where.x, std::clamp(y - height / 2, where.y, std::max(where.y, where.bottom() - height)), where.width - canvas.px(5), height};
        draw_text(canvas, label, name(shown.first + row * grid.items_per_row()), Font::small, dim_text, Align::right);
    }
}

void draw_border(Canvas& canvas, const MapGrid& grid, ItemRange shown, size_t item, Color color, int thickness) {
    if (grid.cells() == 0 || item <= shown.first || item >= shown.first + shown.count) return;
    const size_t cell = grid.cell_of(item), row = cell / grid.columns();
    const Rect area = grid.area();
    const int x = grid.cell(cell).x, above = grid.row_top(row) - thickness / 2, below = grid.row_top(row + 1) - thickness / 2;
    if (cell % grid.columns() == 0) return canvas.fill({area.x, above, area.width, thickness}, color);
    canvas.fill({area.x, below, x - area.x, thickness}, color);
    canvas.fill({x - thickness / 2, above, thickness, below - above + thickness}, color);
    canvas.fill({x, above, area.right() - x, thickness}, color);
}

void draw_range_bar(Canvas& canvas, Rect where, const MapGrid& grid, ItemRange shown, double from, double to, Color color) {
    const auto first = static_cast<double>(shown.first), end = static_cast<double>(shown.first + shown.count);
    if (grid.cells() == 0 || to <= first || from >= end) return;
    const int top = item_height(grid, shown, from), bottom = item_height(grid, shown, to);
    canvas.fill({where.x, top, where.width, std::max(bottom - top, canvas.px(2))}, color);
}

}  // namespace tools::view
