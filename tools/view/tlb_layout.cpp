// SPDX-License-Identifier: LGPL-2.1-or-later
// The largest cells with which everything fits are taken.
#include "tlb_layout.hpp"

#include <algorithm>

namespace tools::view {

TlbLayout::TlbLayout(const Canvas& canvas, Rect body, const std::vector<TlbView>& tlbs) {
    if (body.empty()) return;
    const int header = canvas.line_height(Font::small) + canvas.px(3);
    const Size words{canvas.text_width("00000", Font::mono_small) + canvas.px(6), canvas.line_height(Font::mono_small) + canvas.px(1)};
    text_ = place(body, tlbs, words, canvas.px(5), header);
    if (text_) return;
    for (const int side : {22, 18, 16, 14, 12, 10, 9, 8, 7, 6, 5, 4, 3, 2})
        if (place(body, tlbs, {canvas.px(side), canvas.px(side)}, canvas.px(side < 8 ? 1 : 3), header)) return;
    place(body, tlbs, {1, 1}, 0, std::min(header, body.height / static_cast<int>(tlbs.size() + 1)));
}

bool TlbLayout::place(Rect body, const std::vector<TlbView>& tlbs, Size cell, int gap, int header) {
    blocks_.clear();
    cell_ = cell, gap_ = gap;
    int y = body.y;
    for (const TlbView& tlb : tlbs) {
        Block block{{body.x, y, body.width, header}, {body.x, y + header}, tlb.entries.size(), std::max(1u, tlb.ways), 1};
        const auto room = static_cast<size_t>(body.width);
        const auto width = static_cast<size_t>(cell.width);
        if (block.ways < block.entries) {
            const size_t sets = std::clamp<size_t>((room + static_cast<size_t>(gap)) / (block.ways * width + static_cast<size_t>(gap)), 0, (block.entries + block.ways - 1) / block.ways);
            block.columns = sets != 0 ? sets * block.ways : std::max<size_t>(1, room / width);
        } else {
            block.columns = std::clamp<size_t>(room / width, 1, std::max<size_t>(1, block.entries));
        }
        const size_t rows = (block.entries + block.columns - 1) / block.columns;
        y += header + static_cast<int>(rows) * cell.height + cell.height / 3;
        blocks_.push_back(block);
    }
    return y <= body.bottom();
}

Rect TlbLayout::cell(const Block& block, size_t entry) const {
    const size_t column = entry % block.columns, row = entry / block.columns;
    const int x = block.origin.x + static_cast<int>(column) * cell_.width + (block.columns >= block.ways ? set_gap(block, column / block.ways) : 0);
    const int space = cell_.width >= 4 ? 1 : 0;
    return {x, block.origin.y + static_cast<int>(row) * cell_.height, cell_.width - space, cell_.height - space};
}

std::optional<TlbLayout::Place> TlbLayout::at(Point p) const {
    for (size_t t = 0; t < blocks_.size(); ++t)
        for (size_t e = 0; e < blocks_[t].entries; ++e)
            if (cell(blocks_[t], e).contains(p)) return Place{t, e};
    return {};
}

}  // namespace tools::view
