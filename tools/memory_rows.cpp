// SPDX-License-Identifier: LGPL-2.1-or-later
// Cuts zones into pieces.
#include "memory_rows.hpp"

#include <algorithm>

namespace tools {
namespace {

constexpr uint64_t most_frames = uint64_t{1} << 32;  // that an mm::Pfn can name: what run.json says may be anything

}  // namespace

MemoryRows::MemoryRows(const std::vector<ZoneInfo>& zones) : zones_{zones} {
    const size_t shown = std::min(zones.size(), most_rows / 2);
    // A zone that begins or ends inside a piece may need one row more than its size says.
    const size_t each = shown ? std::clamp<size_t>(most_rows / shown - 1, 1, most_rows_of_zone) : 0;
    for (size_t z = 0; z < shown; ++z) {
        const uint64_t start = std::min(zones[z].start_pfn, most_frames), end = std::clamp(zones[z].end_pfn, start, most_frames);
        unsigned shift = 8;
        static_assert(least_frames == 1u << 8);
        while (shift < 63 && ((end - start) >> shift) >= each) ++shift;
        pieces_.push_back({rows_.size(), start >> shift, shift});
        for (uint64_t piece = start >> shift; piece << shift < end && start < end; ++piece)
            rows_.push_back({z, std::max(start, piece << shift), std::min(end, (piece + 1) << shift)});
    }
}

}  // namespace tools
