// SPDX-License-Identifier: LGPL-2.1-or-later
// Choosing columns, and the arithmetic between items, cells and pixels.
#include "map_grid.hpp"

#include <algorithm>
#include <cmath>

namespace tools::view {

ItemRange within(ItemRange shown, size_t total) {
    if (shown.count == 0 || shown.count > total) return {0, total};
    return {std::min(shown.first, total - shown.count), shown.count};
}

ItemRange moved(ItemRange shown, size_t total, int64_t by) {
    const int64_t last = static_cast<int64_t>(total - shown.count);
    return within({static_cast<size_t>(std::clamp<int64_t>(static_cast<int64_t>(shown.first) + by, 0, std::max<int64_t>(0, last))), shown.count}, total);
}

ItemRange zoomed(ItemRange shown, size_t total, double factor, size_t at, size_t least) {
    if (total == 0 || shown.count == 0) return {0, total};
    const double wanted = std::clamp(static_cast<double>(shown.count) * factor, static_cast<double>(std::min(least, total)), static_cast<double>(total));
    const double share = (static_cast<double>(at) - static_cast<double>(shown.first)) / static_cast<double>(shown.count);
    const double first = static_cast<double>(at) - share * wanted;
    const auto count = static_cast<size_t>(std::lround(wanted));
    return within({static_cast<size_t>(std::max(0.0, std::floor(first))), count}, total);
}

MapGrid::MapGrid(Rect area, ItemRange shown, int least_pixels) : area_{area}, shown_{shown} {
    if (area.empty() || shown.count == 0) return;
    const size_t room = std::max<size_t>(1, static_cast<size_t>(area.width / least_pixels)) * std::max<size_t>(1, static_cast<size_t>(area.height / least_pixels));
    while ((shown.count + per_cell_ - 1) / per_cell_ > room) per_cell_ *= 2;
    cells_ = (shown.count + per_cell_ - 1) / per_cell_;
    double best = 0;
    for (size_t columns = 1; columns <= cells_ * 2 - 1 && columns <= static_cast<size_t>(area.width); columns *= 2) {
        const size_t rows = (cells_ + columns - 1) / columns;
        const double width = area.width / static_cast<double>(columns), height = area.height / static_cast<double>(rows);
        const double squareness = std::min(width, height) / std::max(width, height) * (height < 1 ? height : 1);
        if (squareness > best) best = squareness, columns_ = columns, rows_ = rows;
    }
}

ItemRange MapGrid::items(size_t cell) const {
    const size_t first = cell * per_cell_;
    return {shown_.first + first, std::min(per_cell_, shown_.count - first)};
}

int MapGrid::row_top(size_t number) const {
    return area_.y + static_cast<int>(static_cast<size_t>(area_.height) * number / rows_);
}

Rect MapGrid::cell(size_t number) const {
    const size_t column = number % columns_, row = number / columns_;
    const auto x_of = [&](size_t c) { return area_.x + static_cast<int>(static_cast<size_t>(area_.width) * c / columns_); };
    Rect r{x_of(column), row_top(row), x_of(column + 1) - x_of(column), row_top(row + 1) - row_top(row)};
    const bool gap = area_.width >= static_cast<int>(columns_) * 4 && area_.height >= static_cast<int>(rows_) * 4;
    return gap ? Rect{r.x, r.y, r.width - 1, r.height - 1} : r;
}

std::optional<size_t> MapGrid::cell_at(Point p) const {
    if (cells_ == 0 || !area_.contains(p)) return {};
    // The column whose left edge, rounded as in cell(), is the last one not right of the point.
    const auto index = [](int offset, int extent, size_t count) {
        return ((static_cast<size_t>(offset) + 1) * count - 1) / static_cast<size_t>(extent);
    };
    const size_t number = index(p.y - area_.y, area_.height, rows_) * columns_ + index(p.x - area_.x, area_.width, columns_);
    return number < cells_ ? std::optional{number} : std::nullopt;
}

}  // namespace tools::view
