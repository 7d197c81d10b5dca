// SPDX-License-Identifier: LGPL-2.1-or-later
// A line of coloured squares with their names, and the ramp of amounts: what the colours of a panel mean.
#pragma once

#include <string>
#include <vector>

#include "canvas.hpp"

namespace tools::view {

struct LegendItem {
    Color color;
    std::string name;
};

[[nodiscard]] int legend_height(const Canvas& canvas);
void draw_legend_item(Canvas& canvas, Rect where, const LegendItem& item);
// A place for each item, side by side: the first ones in what is left of a line, the others in lines of `whole` below it.
[[nodiscard]] std::vector<Rect> legend_places(const Canvas& canvas, Rect rest_of_line, Rect whole, const std::vector<LegendItem>& items);
// As many items as fit, from the left; a ramp named `amount` at the right if there is room (empty: none).
void draw_legend(Canvas& canvas, Rect where, const std::vector<LegendItem>& items, const std::string& amount = {});

}  // namespace tools::view
