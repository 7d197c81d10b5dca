// SPDX-License-Identifier: LGPL-2.1-or-later
// Physical memory, row by row: each cell has its zone's colour, and where walks (or Bochs' fills) ended it glows.
#pragma once

#include "map_grid.hpp"
#include "panel.hpp"

namespace tools::view {

class MemoryPanel final : public Panel {
public:
    [[nodiscard]] const char* title() const override { return "Physical memory"; }
    [[nodiscard]] std::string subtitle(const Snapshot& now, const Look& look) const override;
    void draw(Canvas& canvas, Rect body, const Snapshot& now, const Look& look) override;
    [[nodiscard]] std::optional<Hit> hit(const Canvas& canvas, Rect body, const Snapshot& now, const Look& look, Point at) const override;
    void zoom(const Canvas& canvas, Rect body, const Snapshot& now, int steps, Point at) override;
    void scroll(const Snapshot& now, int rows) override;

private:
    struct Parts {
        Rect axis, bar, map, names, legend;
    };
    [[nodiscard]] static Parts parts(const Canvas& canvas, Rect body);
    [[nodiscard]] ItemRange shown(const Snapshot& now) const { return within(range_, now.memory.bins.size()); }
    [[nodiscard]] MapGrid grid(const Canvas& canvas, Rect body, const Snapshot& now) const;

    ItemRange range_;  // of bins; empty: all
    size_t row_items_ = 1;
};

}  // namespace tools::view
