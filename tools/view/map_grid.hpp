// SPDX-License-Identifier: LGPL-2.1-or-later
// Cells in row order: address 0 is at the top left, the next cell to its right, and each row begins at a round address. Row order, not
// a Hilbert curve: a zone's border is then a line across, and an axis at the side tells each row's address.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <optional>

#include "geometry.hpp"

namespace tools::view {

// Which part of a map's items is looked at: [first, first + count), never outside [0, total) and never empty if total is not.
struct ItemRange {
    size_t first = 0, count = 0;
    friend constexpr bool operator==(ItemRange, ItemRange) = default;
};

// `factor` below 1 shows less; the item `at` stays where it is, as nearly as rows allow. `least` items always stay.
[[nodiscard]] ItemRange zoomed(ItemRange shown, size_t total, double factor, size_t at, size_t least);
[[nodiscard]] ItemRange moved(ItemRange shown, size_t total, int64_t by);
// What is left of a range when the map's size changes.
[[nodiscard]] ItemRange within(ItemRange shown, size_t total);

class MapGrid final {
public:
    // Columns are a power of two, cells as square as that allows and at least `least_pixels` wide and high where there is room; several
    // items share a cell where there is not.
    MapGrid(Rect area, ItemRange shown, int least_pixels);

    [[nodiscard]] size_t cells() const { return cells_; }
    [[nodiscard]] size_t columns() const { return columns_; }
    [[nodiscard]] size_t rows() const { return rows_; }
    [[nodiscard]] size_t items_per_cell() const { return per_cell_; }
    [[nodiscard]] size_t items_per_row() const { return per_cell_ * columns_; }
    [[nodiscard]] Rect area() const { return area_; }

    // Items [first, first + items_per_cell()) of a cell; the last cell may have fewer.
    [[nodiscard]] ItemRange items(size_t cell) const;
    // Without a gap between cells where they are too small for one.
    [[nodiscard]] Rect cell(size_t number) const;
    [[nodiscard]] size_t cell_of(size_t item) const { return (item - shown_.first) / per_cell_; }
    [[nodiscard]] std::optional<size_t> cell_at(Point p) const;
    // The upper edge of a row; rows() has the lower edge of the last one.
    [[nodiscard]] int row_top(size_t row) const;

private:
    Rect area_;
    ItemRange shown_;
    size_t per_cell_ = 1, cells_ = 0, columns_ = 1, rows_ = 1;
};

}  // namespace tools::view
