// SPDX-License-Identifier: LGPL-2.1-or-later
// Physical memory in a few dozen rows, for a picture: each zone is cut into pieces of a size of its own, a power of two, so that a
// zone of 16 MiB can be seen beside one of 3 GiB. What no zone holds is `other`, the last row.
#pragma once

#include <algorithm>
#include <vector>

#include "address_map.hpp"

namespace tools {

class MemoryRows final {
public:
    static constexpr size_t most_rows = 96, most_rows_of_zone = 32;
    static constexpr uint64_t least_frames = 256;  // of a piece: 1 MiB

    struct Row {
        size_t zone{};                             // as in the run's list
        uint64_t start_pfn{}, end_pfn{};
    };

    explicit MemoryRows(const std::vector<ZoneInfo>& zones);

    [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }  // without `other`, by zone and frame
    [[nodiscard]] size_t other() const { return rows_.size(); }
    [[nodiscard]] size_t count() const { return rows_.size() + 1; }
    [[nodiscard]] size_t of(mm::Pfn frame) const {
        const unsigned zone = zones_.of(frame);
        if (zone >= pieces_.size()) return other();
        const Pieces& p = pieces_[zone];
        const auto row = p.first_row + static_cast<size_t>((uint64_t{frame.raw} >> p.shift) - p.first_piece);
        return std::min(row, other());
    }

private:
    struct Pieces {
        size_t first_row{};
        uint64_t first_piece{};
        unsigned shift{};                          // at most 33
    };
    ZoneMap zones_;
    std::vector<Pieces> pieces_;                   // of the zones that there is room for
    std::vector<Row> rows_;
};

}  // namespace tools
