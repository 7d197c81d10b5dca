// SPDX-License-Identifier: LGPL-2.1-or-later
// A line of coloured squares with their names.
#include "legend.hpp"

#include "text_fit.hpp"

namespace tools::view {

int legend_height(const Canvas& canvas) { return canvas.line_height(Font::small) + canvas.px(4); }

void draw_legend(Canvas& canvas, Rect where, const std::vector<LegendItem>& items, const std::string& amount) {
    const int square = canvas.px(9), gap = canvas.px(4), between = canvas.px(12);
    if (!amount.empty()) {
        const int ramp = canvas.px(60), width = ramp + gap + canvas.text_width(amount, Font::small);
        if (width * 3 <= where.width * 2) {
            Rect right = where.cut_right(width);
            const Rect bar = right.cut_left(ramp);
            for (int x = 0; x < ramp; ++x)
                canvas.fill({bar.x + x, bar.y + (bar.height - square) / 2, 1, square}, heat_color(x / static_cast<double>(ramp - 1)));
            right.cut_left(gap);
            draw_text(canvas, right, amount, Font::small, dim_text);
            where.cut_right(between);
        }
    }
    for (const LegendItem& item : items) {
        const int width = square + gap + canvas.text_width(item.name, Font::small);
        if (width > where.width) return draw_text(canvas, where, ellipsis, Font::small, dim_text);  // there are more
        Rect part = where.cut_left(width);
        const Rect swatch = part.cut_left(square);
        canvas.fill({swatch.x, swatch.y + (swatch.height - square) / 2, square, square}, item.color);
        part.cut_left(gap);
        draw_text(canvas, part, item.name, Font::small, dim_text);
        where.cut_left(between);
    }
}

}  // namespace tools::view
