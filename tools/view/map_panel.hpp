// SPDX-License-Identifier: LGPL-2.1-or-later
// A panel that is a map of items: cells in rows, an axis at the left, bars and names of ranges at the right, a legend below. It can be zoomed
// and scrolled, and tells what lies under the mouse; what an item is, and how it looks, is the business of each map.
//
//   axis | cells .......... | bars | names
//        |  ............... |      |
//   legend
#pragma once

#include "map_grid.hpp"
#include "panel.hpp"
#include "side_labels.hpp"

namespace tools::view {

class MapPanel : public Panel {
public:
    void draw(Canvas& canvas, Rect body, const Snapshot& now, const Look& look) final;
    [[nodiscard]] std::optional<Hit> hit(const Canvas& canvas, Rect body, const Snapshot& now, const Look& look, Point at) const final;
    void zoom(const Canvas& canvas, Rect body, const Snapshot& now, int steps, Point at) final;
    void scroll(const Snapshot& now, int rows) final;

protected:
    // Texts are the widest that there must be room for, sizes are in units of the canvas.
    struct Style {
        const char *axis, *names;
        int bars, least_cell;
    };
    explicit MapPanel(const Style& style) : style_{style} {}

    struct Parts {
        Rect axis, bars, map, names, legend;  // narrow panels have no axis, no bars and no names
    };
    // What is drawn on: the items of `part` are in the cells of `map`.
    struct Drawing {
        Canvas& canvas;
        const Parts& parts;
        const MapGrid& map;
        ItemRange part;
        const Snapshot& now;
        const Look& look;
        [[nodiscard]] bool shows(double from, double to) const {
            return to > static_cast<double>(part.first) && from < static_cast<double>(part.first + part.count);
        }
    };
    [[nodiscard]] ItemRange shown(const Snapshot& now) const { return within(range_, items(now)); }

    [[nodiscard]] virtual size_t items(const Snapshot& now) const = 0;
    // What is said where there are no items.
    [[nodiscard]] virtual const char* nothing(const Snapshot& now) const = 0;
    // What the axis says of the place where an item begins.
    [[nodiscard]] virtual std::string place_name(const Snapshot& now, size_t item) const = 0;
    virtual void draw_cells(const Drawing& d) const = 0;
    // Borders, bars and marks, and the legend. Returns the names beside the bars.
    virtual std::vector<SideLabel> draw_ranges(const Drawing& d) const = 0;
    [[nodiscard]] virtual Hit describe(const Snapshot& now, ItemRange items) const = 0;

private:
    [[nodiscard]] Parts parts(const Canvas& canvas, Rect body) const;
    [[nodiscard]] MapGrid grid(const Canvas& canvas, Rect map, const Snapshot& now) const;

    const Style style_;
    ItemRange range_;  // that is looked at; empty: all
    size_t row_items_ = 1;
};

}  // namespace tools::view
