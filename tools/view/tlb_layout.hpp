// SPDX-License-Identifier: LGPL-2.1-or-later
// Where each entry of each TLB is drawn: blocks below each other, with the page's number in each cell if there is room for it.
#pragma once

#include <optional>
#include <vector>

#include "canvas.hpp"
#include "tools/view/snapshot.hpp"

namespace tools::view {

class TlbLayout final {
public:
    TlbLayout(const Canvas& canvas, Rect body, const std::vector<TlbView>& tlbs);

    struct Block {
        Rect header;
        Point origin;
        size_t entries = 0, ways = 1, columns = 1;
    };
    [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }
    // Whether cells are wide enough for a page's number.
    [[nodiscard]] bool text() const { return text_; }
    [[nodiscard]] Rect cell(const Block& block, size_t entry) const;

    struct Place {
        size_t tlb, entry;
    };
    [[nodiscard]] std::optional<Place> at(Point p) const;

private:
    [[nodiscard]] int set_gap(const Block& block, size_t sets) const { return block.ways == block.entries ? 0 : static_cast<int>(sets) * gap_; }
    // The blocks with these cells; returns whether they end inside the body.
    bool place(Rect body, const std::vector<TlbView>& tlbs, Size cell, int gap, int header);

    std::vector<Block> blocks_;
    Size cell_{};
    int gap_ = 0;
    bool text_ = false;
};

}  // namespace tools::view
