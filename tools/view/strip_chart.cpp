// SPDX-License-Identifier: LGPL-2.1-or-later
// Stacked bars over time.
#include "strip_chart.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "legend.hpp"
#include "number_text.hpp"
#include "text_fit.hpp"

namespace tools::view {
namespace {

// Between two labelled values; as many as there is room for.
double axis_step(const Canvas& canvas, Rect plot, double most) { return nice_step(most, std::clamp(plot.height / (canvas.line_height(Font::small) * 2), 1, 4)); }

void draw_value_axis(Canvas& canvas, Rect where, Rect plot, double step, double top) {
    const int height = canvas.line_height(Font::small);
    if (plot.height < height) return;
    for (double value = plot.height < 2 * height ? top : 0; value <= top; value += step) {
        const int y = plot.bottom() - static_cast<int>(std::lround(value / top * plot.height));
        if (value > 0) canvas.fill({plot.x, y, plot.width, canvas.px(1)}, grid_line);
        const Rect label{where.x, std::clamp(y - height / 2, where.y, std::max(where.y, plot.bottom() - height)), plot.x - where.x - canvas.px(4), height};
        draw_text(canvas, label, shortened(value), Font::small, dim_text, Align::right);
    }
}

// The bar goes on beyond the upper edge.
void draw_cut(Canvas& canvas, Rect bar) {
    Rect tooth = bar;
    tooth.cut_top(canvas.px(3));
    canvas.fill(bar.cut_top(canvas.px(3)), plain_text);
    canvas.fill(tooth.cut_top(canvas.px(2)), background);
}

// What stands above the bars: the title, what is counted, and the series' names, in as many lines as they need; half the room is the bars'.
class Header final {
public:
    Header(const Canvas& canvas, Rect where, const StripChart& chart) : title_{chart.title + "  "}, unit_{chart.unit} {
        if (const StripScale scale = scale_of(chart); scale.cuts()) unit_ += ", at most " + shortened(scale.highest);
        for (const StripSeries& s : chart.series) legend_.push_back({s.color, s.name});
        const int end = where.y + where.height / 2;
        Rect line = first_ = where.cut_top(canvas.line_height(Font::small) + canvas.px(3));
        line.cut_left(canvas.text_width(title_ + unit_, Font::small) + canvas.px(14));
        places_ = legend_places(canvas, line, first_, legend_);
        const auto below = std::find_if(places_.begin(), places_.end(), [&](Rect place) { return place.y > first_.y && place.bottom() > end; });
        if (below == places_.end()) return;
        places_.erase(below, places_.end());
        more_ = line;
        if (!places_.empty()) more_ = {places_.back().right() + canvas.px(4), places_.back().y, first_.right() - places_.back().right() - canvas.px(4), first_.height};
    }

    [[nodiscard]] int height() const { return (places_.empty() ? first_ : places_.back()).bottom() - first_.y; }
    void draw(Canvas& canvas) const {
        Rect line = first_;
        draw_text(canvas, line, title_, Font::small, plain_text);
        line.cut_left(canvas.text_width(title_, Font::small));
        draw_text(canvas, line, unit_, Font::small, dim_text);
        for (size_t n = 0; n < places_.size(); ++n) draw_legend_item(canvas, places_[n], legend_[n]);
        if (places_.size() < legend_.size()) draw_text(canvas, more_, ellipsis, Font::small, dim_text);
    }

private:
    std::string title_, unit_;
    std::vector<LegendItem> legend_;
    Rect first_, more_;         // more_: where "..." stands for names that have no room
    std::vector<Rect> places_;  // of the first names
};

}  // namespace

double value_of(const StripSeries& series, size_t n) { return n < series.values.size() ? series.values[n] : 0; }

StripScale scale_of(const StripChart& chart) {
    constexpr size_t columns_for_one = 12;            // so many columns, or more, for each that is cut off
    constexpr double far = 3, room_above = 1.5;       // times the largest of the others
    std::vector<double> sums;
    for (size_t n = 0; n < chart.columns; ++n) {
        double sum = 0;
        for (const StripSeries& s : chart.series) sum += value_of(s, n);
        if (sum > 0) sums.push_back(sum);
    }
    if (sums.empty()) return {};
    std::sort(sums.begin(), sums.end(), std::greater<>{});
    const double others = sums[sums.size() / columns_for_one];
    return {sums[0] > far * others ? room_above * others : sums[0], sums[0]};
}

Rect bar_of(Rect plot, size_t columns, size_t n) { return column(plot, static_cast<int>(n), static_cast<int>(std::max<size_t>(1, columns))); }

Rect plot_of(const Canvas& canvas, Rect where, const StripChart& chart) {
    where.cut_top(Header{canvas, where, chart}.height());
    where.cut_left(std::min(where.width / 3, canvas.text_width("99.9 M", Font::small) + canvas.px(6)));
    where.cut_bottom(canvas.px(3));
    return where;
}

void draw_strip(Canvas& canvas, Rect where, const StripChart& chart) {
    const Rect plot = plot_of(canvas, where, chart);
    const StripScale scale = scale_of(chart);
    const Header header{canvas, where, chart};
    header.draw(canvas);
    where.cut_top(header.height());

    canvas.fill(plot, background);
    const double step = axis_step(canvas, plot, scale.top), limit = step * std::max(1.0, std::ceil(scale.top / step));
    draw_value_axis(canvas, where, plot, step, limit);
    if (scale.top <= 0) return;
    const auto height_of = [&](double value) { return plot.bottom() - static_cast<int>(std::lround(std::min(1.0, value / limit) * plot.height)); };
    for (size_t n = 0; n < chart.columns; ++n) {
        const Rect bar = bar_of(plot, chart.columns, n);
        double below = 0;
        for (const StripSeries& s : chart.series) {
            const double value = value_of(s, n);
            if (value <= 0) continue;
            const int bottom = height_of(below);
            below += value;
            const int top = std::min(bottom - 1, height_of(below));
            if (bottom > plot.y) canvas.fill({bar.x, top, std::max(1, bar.width - (bar.width > 3 ? 1 : 0)), bottom - top}, s.color);
        }
        if (below > limit) draw_cut(canvas, bar);
    }
}

}  // namespace tools::view
