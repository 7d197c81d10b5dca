// SPDX-License-Identifier: LGPL-2.1-or-later
// Three strips above one axis of time.
#include "charts_panel.hpp"

#include <algorithm>

#include "number_text.hpp"
#include "text_fit.hpp"

namespace tools::view {
namespace {

template <class T>
std::vector<double> as_numbers(const std::vector<T>& counts) {
    return {counts.begin(), counts.end()};
}

bool any_in(const std::vector<uint64_t>& counts) {
    return std::any_of(counts.begin(), counts.end(), [](uint64_t n) { return n != 0; });
}

Rect strip_of(const Canvas& canvas, Rect body, int n) {
    body.cut_bottom(canvas.line_height(Font::small) + canvas.px(2));
    return row(body, n, ChartsPanel::strips);
}

// Labels under the bars: the tick at which a column begins, as many as stand apart.
void draw_time_axis(Canvas& canvas, Rect where, Rect plot, const Strips& strips) {
    const int height = canvas.line_height(Font::small);
    const int label = canvas.text_width("999.99 M", Font::small);
    const size_t most = std::max<size_t>(1, static_cast<size_t>(plot.width / (label * 2)));
    const size_t step = std::max<size_t>(1, (strips.columns + most - 1) / most);
    for (size_t n = 0; n < strips.columns; n += step) {
        const Rect bar = bar_of(plot, strips.columns, n);
        canvas.fill({bar.x, plot.bottom(), canvas.px(1), canvas.px(3)}, dim_text);
        if (bar.x + label <= where.right())
            draw_text(canvas, {bar.x, where.bottom() - height, label, height}, shortened(static_cast<double>(strips.first + n * strips.interval)), Font::small, dim_text);
    }
    const char* unit = "ticks";
    draw_text(canvas, {where.x, where.bottom() - height, plot.x - where.x - canvas.px(4), height}, unit, Font::small, dim_text, Align::right);
}

}  // namespace

std::string ChartsPanel::subtitle(const Snapshot& now, const Look&) const {
    if (now.strips.columns == 0) return {};
    return "the last " + shortened(static_cast<double>(now.strips.columns * now.strips.interval)) + " ticks";
}

std::array<StripChart, ChartsPanel::strips> ChartsPanel::charts(const Snapshot& now) {
    const Strips& s = now.strips;
    const std::string per = " in " + shortened(static_cast<double>(s.interval)) + " ticks";
    std::array<StripChart, strips> all;
    all[0] = {"Misses", "page walks" + per, {}, s.columns};
    all[1] = {"Flushes", "flushes" + per, {}, s.columns};
    all[2] = {"Cycles", "cycles of walks" + per, {}, s.columns};
    for (size_t i = 0; i < s.zones.size() && i < now.zones.size(); ++i) {
        if (now.zones[i].end_pfn <= now.zones[i].start_pfn && !any_in(s.zones[i].walks)) continue;  // no frames, and `other` where there is nothing
        const Color color = zone_color(now.zones[i].name, static_cast<unsigned>(i));
        all[0].series.push_back({now.zones[i].name, color, as_numbers(s.zones[i].walks)});
        all[2].series.push_back({now.zones[i].name, color, as_numbers(s.zones[i].cycles)});
    }
    for (size_t i = 0; i < s.flushes.size(); ++i) {
        const auto& strip = s.flushes[i];
        // Only causes that occur: there are many, and most kernels know few.
        if (any_in(strip.flushes))
            all[1].series.push_back({strip.cause, series_color(static_cast<unsigned>(i)), as_numbers(strip.flushes)});
    }
    return all;
}

void ChartsPanel::draw(Canvas& canvas, Rect body, const Snapshot& now, const Look&) {
    if (now.strips.columns == 0) return draw_text(canvas, body, "Nothing has happened yet.", Font::text, dim_text, Align::center);
    const auto all = charts(now);
    for (int n = 0; n < strips; ++n) draw_strip(canvas, strip_of(canvas, body, n), all[static_cast<size_t>(n)]);
    draw_time_axis(canvas, body, plot_of(canvas, strip_of(canvas, body, strips - 1), all.back()), now.strips);
}

std::optional<Hit> ChartsPanel::hit(const Canvas& canvas, Rect body, const Snapshot& now, const Look&, Point at) const {
    const Strips& s = now.strips;
    if (s.columns == 0) return {};
    const auto all = charts(now);
    for (int n = 0; n < strips; ++n) {
        const StripChart& chart = all[static_cast<size_t>(n)];
        const Rect plot = plot_of(canvas, strip_of(canvas, body, n), chart);
        if (!plot.contains(at)) continue;
        for (size_t c = 0; c < s.columns; ++c) {
            const Rect bar = bar_of(plot, s.columns, c);
            if (!bar.contains(at)) continue;
            Hit hit;
            hit.mark = bar;
            hit.text = chart.title + ", ticks " + grouped(s.first + c * s.interval) + " to " + grouped(s.first + (c + 1) * s.interval - 1);
            for (const StripSeries& one : chart.series) {
                const double value = value_of(one, c);
                if (value > 0) hit.text += "\n" + one.name + " " + grouped(static_cast<uint64_t>(value + 0.5));
            }
            return hit;
        }
    }
    return {};
}

}  // namespace tools::view
