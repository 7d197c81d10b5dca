// SPDX-License-Identifier: LGPL-2.1-or-later
// Stacked bars over time with labelled axes: one strip of the charts panel.
#pragma once

#include <string>
#include <vector>

#include "canvas.hpp"

namespace tools::view {

struct StripSeries {
    std::string name;
    Color color;
    std::vector<double> values;  // by column
};

struct StripChart {
    std::string title, unit;     // "Misses", "walks per 10 M ticks"
    std::vector<StripSeries> series;
    size_t columns = 0;
};

// The bars' place, below the names of all series, for the axis of time below and for the mouse.
[[nodiscard]] Rect plot_of(const Canvas& canvas, Rect where, const StripChart& chart);
void draw_strip(Canvas& canvas, Rect where, const StripChart& chart);
// What the scale reaches to: the largest sum of a column, unless a twelfth of them, or fewer, are so far above all others that these could
// not be told apart: then the others' largest and half as much again, and the few are cut off. Empty columns do not count. 0 without others.
struct StripScale {
    double top = 0, highest = 0;
    [[nodiscard]] bool cuts() const { return highest > top; }
};
[[nodiscard]] StripScale scale_of(const StripChart& chart);
[[nodiscard]] Rect bar_of(Rect plot, size_t columns, size_t n);
[[nodiscard]] double value_of(const StripSeries& series, size_t n);

}  // namespace tools::view
