// SPDX-License-Identifier: LGPL-2.1-or-later
// A ring of columns.
#include "tools/view/strip_recorder.hpp"

#include <algorithm>

namespace tools::view {

StripRecorder::StripRecorder(uint64_t interval, size_t zones)
    : interval_{interval}, zones_{std::min(zones, most_zones)}, walks_(zones_ * columns), cycles_(zones_ * columns), flushes_(flush_causes * columns) {}

// The places of the intervals that have begun since are those of the oldest.
void StripRecorder::forget(uint64_t newest) {
    const uint64_t begun = std::min<uint64_t>(newest - newest_, columns);
    for (uint64_t n = newest - begun + 1; n <= newest; ++n) {
        const size_t c = n % columns;
        for (size_t z = 0; z < zones_; ++z) walks_[z * columns + c] = 0, cycles_[z * columns + c] = 0;
        for (size_t f = 0; f < flush_causes; ++f) flushes_[f * columns + c] = 0;
    }
    newest_ = newest;
}

Strips StripRecorder::strips(uint64_t time, size_t zones) const {
    Strips s;
    s.interval = interval_;
    const uint64_t last = std::max(time / interval_, newest_);
    const uint64_t first = last - std::min<uint64_t>(last, columns - 1);
    s.first = first * interval_;
    s.columns = static_cast<size_t>(last - first + 1);
    s.zones.resize(zones, {std::vector<uint64_t>(s.columns), std::vector<double>(s.columns)});
    for (unsigned f = 0; f < flush_causes; ++f)
        s.flushes.push_back({mm::name(static_cast<mm::RefillCause>(f + first_flush_cause)), std::vector<uint64_t>(s.columns)});
    const uint64_t kept = newest_ - std::min<uint64_t>(newest_, columns - 1);  // older places hold newer intervals
    for (uint64_t n = std::max(first, kept); n <= newest_; ++n) {
        const size_t from = n % columns, to = static_cast<size_t>(n - first);
        for (size_t z = 0; z < std::min(zones_, zones); ++z) s.zones[z].walks[to] = walks_[z * columns + from], s.zones[z].cycles[to] = cycles_[z * columns + from];
        for (size_t f = 0; f < flush_causes; ++f) s.flushes[f].flushes[to] = flushes_[f * columns + from];
    }
    return s;
}

}  // namespace tools::view
