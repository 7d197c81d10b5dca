// SPDX-License-Identifier: LGPL-2.1-or-later
// Physical memory, row by row: each cell has its zone's colour, and where walks (or Bochs' fills) ended it glows.
#pragma once

#include "map_panel.hpp"

namespace tools::view {

class MemoryPanel final : public MapPanel {
public:
    MemoryPanel() : MapPanel{{"1,008 MiB", "HIGHMEM", 5, 3}} {}
    [[nodiscard]] const char* title() const override { return "Physical memory"; }
    [[nodiscard]] std::string subtitle(const Snapshot& now, const Look& look) const override;

protected:
    [[nodiscard]] size_t items(const Snapshot& now) const override { return now.memory.bins.size(); }
    [[nodiscard]] const char* nothing(const Snapshot&) const override { return "The recording has no zones."; }
    [[nodiscard]] std::string place_name(const Snapshot& now, size_t bin) const override;
    void draw_cells(const Drawing& d) const override;
    std::vector<SideLabel> draw_ranges(const Drawing& d) const override;
    [[nodiscard]] Hit describe(const Snapshot& now, ItemRange bins) const override;
};

}  // namespace tools::view
