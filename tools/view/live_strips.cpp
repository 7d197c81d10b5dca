// SPDX-License-Identifier: LGPL-2.1-or-later
// Differences of totals, spread.
#include "tools/view/live_strips.hpp"

#include <algorithm>

namespace tools::view {

void LiveStrips::clear() {
    columns_.clear();
    has_last_ = false;
}

LiveStrips::Column& LiveStrips::column(uint64_t number, const Snapshot& s) {
    if (!columns_.empty() && number - first_ >= columns_.size() + most_columns) columns_.clear();  // all would be pushed out
    if (columns_.empty()) first_ = number;
    while (first_ + columns_.size() <= number) {
        columns_.push_back({std::vector<uint64_t>(s.zones.size()), std::vector<uint64_t>(s.flushes.size()), std::vector<double>(s.zones.size())});
        if (columns_.size() > most_columns) columns_.pop_front(), ++first_;
    }
    return columns_[number - first_];
}

// Totals only grow; if one has not, they were counted anew.
void LiveStrips::take(const Snapshot& s) {
    bool same = has_last_ && s.tick >= last_tick_ && s.zones.size() == last_zones_.size() && s.flushes.size() == last_flushes_.size();
    for (size_t n = 0; same && n < s.zones.size(); ++n) same = s.zones[n].walks >= last_zones_[n].walks;
    for (size_t n = 0; same && n < s.flushes.size(); ++n) same = s.flushes[n].flushes >= last_flushes_[n].flushes;
    if (!same) clear();
    const uint64_t from = same ? last_tick_ : s.tick, to = s.tick, last = to / interval_;
    const uint64_t first = std::max(from / interval_, last - std::min<uint64_t>(last, most_columns - 1));
    double before = 0;
    for (uint64_t n = first; n <= last; ++n) {
        Column& c = column(n, s);
        if (!same) break;
        const double after = n == last ? 1 : static_cast<double>((n + 1) * interval_ - from) / static_cast<double>(to - from);
        const auto share = [&](uint64_t total) { return static_cast<uint64_t>(static_cast<double>(total) * after) - static_cast<uint64_t>(static_cast<double>(total) * before); };
        for (size_t z = 0; z < s.zones.size(); ++z) {
            c.walks[z] += share(s.zones[z].walks - last_zones_[z].walks);
            c.cycles[z] += (s.zones[z].cycles - last_zones_[z].cycles) * (after - before);
        }
        for (size_t f = 0; f < s.flushes.size(); ++f) c.flushes[f] += share(s.flushes[f].flushes - last_flushes_[f].flushes);
        before = after;
    }
    has_last_ = true, last_tick_ = s.tick, last_zones_ = s.zones, last_flushes_ = s.flushes;
}

Strips LiveStrips::strips(const Snapshot& s) const {
    Strips strips;
    strips.interval = interval_, strips.first = first_ * interval_, strips.columns = columns_.size();
    strips.zones.resize(s.zones.size());
    for (const FlushCount& f : s.flushes) strips.flushes.push_back({f.cause, {}});
    for (const Column& c : columns_) {
        for (size_t z = 0; z < s.zones.size(); ++z) strips.zones[z].walks.push_back(c.walks[z]), strips.zones[z].cycles.push_back(c.cycles[z]);
        for (size_t f = 0; f < s.flushes.size(); ++f) strips.flushes[f].flushes.push_back(c.flushes[f]);
    }
    return strips;
}

}  // namespace tools::view
