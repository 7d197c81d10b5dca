// SPDX-License-Identifier: LGPL-2.1-or-later
// A line of coloured squares with their names.
#include "legend.hpp"

#include "text_fit.hpp"

namespace tools::view {

int legend_height(const Canvas& canvas) { return canvas.line_height(Font::small) + canvas.px(4); }

namespace {

int square(const Canvas& canvas) { return canvas.px(9); }
int gap(const Canvas& canvas) { return canvas.px(4); }
int between(const Canvas& canvas) { return canvas.px(12); }
int item_width(const Canvas& canvas, const LegendItem& item) { return square(canvas) + gap(canvas) + canvas.text_width(item.name, Font::small); }

}  // namespace

void draw_legend_item(Canvas& canvas, Rect where, const LegendItem& item) {
    const int side = square(canvas);
    const Rect swatch = where.cut_left(side);
    canvas.fill({swatch.x, swatch.y + (swatch.height - side) / 2, side, side}, item.color);
    where.cut_left(gap(canvas));
    draw_text(canvas, where, item.name, Font::small, dim_text);
}

std::vector<Rect> legend_places(const Canvas& canvas, Rect rest, Rect whole, const std::vector<LegendItem>& items) {
    const int height = rest.height;
    std::vector<Rect> places;
    for (const LegendItem& item : items) {
        const int width = item_width(canvas, item);
        if (width > rest.width) rest = {whole.x, rest.y + height, whole.width, height};
        places.push_back(rest.cut_left(width));
        rest.cut_left(between(canvas));
    }
    return places;
}

void draw_legend(Canvas& canvas, Rect where, const std::vector<LegendItem>& items, const std::string& amount) {
    if (!amount.empty()) {
        const int ramp = canvas.px(60), width = ramp + gap(canvas) + canvas.text_width(amount, Font::small);
        if (width * 3 <= where.width * 2) {
            Rect right = where.cut_right(width);
            const Rect bar = right.cut_left(ramp);
            for (int x = 0; x < ramp; ++x)
                canvas.fill({bar.x + x, bar.y + (bar.height - square(canvas)) / 2, 1, square(canvas)}, heat_color(x / static_cast<double>(ramp - 1)));
            right.cut_left(gap(canvas));
            draw_text(canvas, right, amount, Font::small, dim_text);
            where.cut_right(between(canvas));
        }
    }
    for (const LegendItem& item : items) {
        const int width = item_width(canvas, item);
        if (width > where.width) return draw_text(canvas, where, ellipsis, Font::small, dim_text);  // there are more
        draw_legend_item(canvas, where.cut_left(width), item);
        where.cut_left(between(canvas));
    }
}

}  // namespace tools::view
