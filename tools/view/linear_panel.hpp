// SPDX-License-Identifier: LGPL-2.1-or-later
// The linear address space, a cell for each entry of the page directory: what it maps, as far as known, its region, and its walks.
#pragma once

#include "map_grid.hpp"
#include "panel.hpp"

namespace tools::view {

class LinearPanel final : public Panel {
public:
    [[nodiscard]] const char* title() const override { return "Linear addresses"; }
    [[nodiscard]] std::string subtitle(const Snapshot& now, const Look& look) const override;
    void draw(Canvas& canvas, Rect body, const Snapshot& now, const Look& look) override;
    [[nodiscard]] std::optional<Hit> hit(const Canvas& canvas, Rect body, const Snapshot& now, const Look& look, Point at) const override;
    void zoom(const Canvas& canvas, Rect body, const Snapshot& now, int steps, Point at) override;
    void scroll(const Snapshot& now, int rows) override;

private:
    struct Parts {
        Rect axis, bars, map, names, legend;
    };
    [[nodiscard]] static Parts parts(const Canvas& canvas, Rect body);
    [[nodiscard]] ItemRange shown(const Snapshot& now) const { return within(range_, now.linear.slots.size()); }
    [[nodiscard]] MapGrid grid(const Canvas& canvas, Rect body, const Snapshot& now) const;
    void draw_regions(Canvas& canvas, const Parts& p, const MapGrid& map, const Snapshot& now) const;
    void draw_split(Canvas& canvas, const Parts& p, const MapGrid& map, const Snapshot& now) const;

    ItemRange range_;  // of slots; empty: all
    size_t row_items_ = 1;
};

}  // namespace tools::view
