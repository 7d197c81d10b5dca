// SPDX-License-Identifier: LGPL-2.1-or-later
// What is drawn around and over the cells of a map: its axis, borders between ranges, and the bars of ranges beside it.
#pragma once

#include <functional>
#include <string>

#include "canvas.hpp"
#include "map_grid.hpp"

namespace tools::view {

// The height at which an item lies, between its row's edges; items outside the grid: its top or bottom.
[[nodiscard]] int item_height(const MapGrid& grid, ItemRange shown, double item);

// Labels of rows, as many as stand apart, right aligned in `where`. name: of the address at which an item begins.
void draw_axis(Canvas& canvas, Rect where, const MapGrid& grid, ItemRange shown, const std::function<std::string(size_t item)>& name);

// The line between the items before `item` and those from it on: across, with a step where it does not begin a row.
void draw_border(Canvas& canvas, const MapGrid& grid, ItemRange shown, size_t item, Color color, int thickness);

// A bar at the side, from one item to another, as far as they are shown.
void draw_range_bar(Canvas& canvas, Rect where, const MapGrid& grid, ItemRange shown, double from, double to, Color color);

}  // namespace tools::view
