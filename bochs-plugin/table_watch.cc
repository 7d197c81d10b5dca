// SPDX-License-Identifier: LGPL-2.1-or-later
// Frames that hold paging structures.
#include "table_watch.h"

#include <algorithm>

namespace plugin {

void TableWatch::watch(mm::Pfn f, TablePlace place) {
    if (f.raw >= followed_frames) return;
    uint32_t& index = table_of_[f.raw];
    const bool first = index == 0;
    if (first && unused_.empty()) {
        index = static_cast<uint32_t>(tables_.size());
        tables_.emplace_back();
    } else if (first) {
        index = unused_.back();
        unused_.pop_back();
    }
    std::vector<TablePlace>& places = tables_[index];
    if (std::find(places.begin(), places.end(), place) == places.end()) places.push_back(place);
    if (first) on_found(f);
}

void TableWatch::forget(mm::Pfn f, TablePlace place) {
    if (!watched(f)) return;
    uint32_t& index = table_of_[f.raw];
    std::vector<TablePlace>& places = tables_[index];
    places.erase(std::remove(places.begin(), places.end(), place), places.end());
    if (!places.empty()) return;
    unused_.push_back(index);
    index = 0;
}

}  // namespace plugin
