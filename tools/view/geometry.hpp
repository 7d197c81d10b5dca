// SPDX-License-Identifier: LGPL-2.1-or-later
// Points and rectangles of the viewer, in pixels of the output; what is to the right and below is larger.
#pragma once

#include <stdint.h>

#include <algorithm>

namespace tools::view {

struct Point {
    int x = 0, y = 0;
    friend constexpr bool operator==(Point, Point) = default;
};

struct Size {
    int width = 0, height = 0;
    friend constexpr bool operator==(Size, Size) = default;
};

// Of the pixels [x, x + width) and [y, y + height); never with a negative size if made by the functions here.
struct Rect {
    int x = 0, y = 0, width = 0, height = 0;

    [[nodiscard]] constexpr int right() const { return x + width; }
    [[nodiscard]] constexpr int bottom() const { return y + height; }
    [[nodiscard]] constexpr bool empty() const { return width <= 0 || height <= 0; }
    [[nodiscard]] constexpr bool contains(Point p) const { return p.x >= x && p.x < right() && p.y >= y && p.y < bottom(); }
    [[nodiscard]] constexpr Rect inset(int by) const { return inset(by, by); }
    [[nodiscard]] constexpr Rect inset(int dx, int dy) const {
        return {x + std::min(dx, width / 2), y + std::min(dy, height / 2), std::max(0, width - 2 * dx), std::max(0, height - 2 * dy)};
    }
    // What is left, and what was cut off at a side; at most what there is.
    constexpr Rect cut_top(int by) { by = std::clamp(by, 0, height); const Rect cut{x, y, width, by}; y += by, height -= by; return cut; }
    constexpr Rect cut_bottom(int by) { by = std::clamp(by, 0, height); height -= by; return {x, y + height, width, by}; }
    constexpr Rect cut_left(int by) { by = std::clamp(by, 0, width); const Rect cut{x, y, by, height}; x += by, width -= by; return cut; }
    constexpr Rect cut_right(int by) { by = std::clamp(by, 0, width); width -= by; return {x + width, y, by, height}; }

    friend constexpr bool operator==(Rect, Rect) = default;
};

[[nodiscard]] constexpr Rect intersection(Rect a, Rect b) {
    const int x = std::max(a.x, b.x), y = std::max(a.y, b.y);
    return {x, y, std::max(0, std::min(a.right(), b.right()) - x), std::max(0, std::min(a.bottom(), b.bottom()) - y)};
}

// The n-th of `count` parts of equal width or height, side by side without gaps or overlaps.
[[nodiscard]] constexpr Rect column(Rect r, int n, int count) {
    const int from = static_cast<int>(int64_t{r.width} * n / count), to = static_cast<int>(int64_t{r.width} * (n + 1) / count);
    return {r.x + from, r.y, to - from, r.height};
}
[[nodiscard]] constexpr Rect row(Rect r, int n, int count) {
    const int from = static_cast<int>(int64_t{r.height} * n / count), to = static_cast<int>(int64_t{r.height} * (n + 1) / count);
    return {r.x, r.y + from, r.width, to - from};
}

static_assert(intersection(Rect{0, 0, 4, 4}, Rect{2, 3, 9, 9}) == Rect{2, 3, 2, 1});
static_assert(intersection(Rect{0, 0, 4, 4}, Rect{8, 8, 1, 1}).empty());
static_assert(column(Rect{10, 0, 100, 5}, 2, 3).right() == 110);
static_assert(Rect{0, 0, 5, 5}.inset(9).empty() && Rect{0, 0, 10, 10}.inset(2) == Rect{2, 2, 6, 6});

}  // namespace tools::view
