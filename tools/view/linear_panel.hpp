// SPDX-License-Identifier: LGPL-2.1-or-later
// The linear address space, a cell for each entry of the page directory: what it maps, as far as known, its region, and its walks.
#pragma once

#include "map_panel.hpp"

namespace tools::view {

class LinearPanel final : public MapPanel {
public:
    LinearPanel() : MapPanel{{"c0000000", "trampoline", 11, 4}} {}
    [[nodiscard]] const char* title() const override { return "Linear addresses"; }
    [[nodiscard]] std::string subtitle(const Snapshot& now, const Look& look) const override;

protected:
    [[nodiscard]] size_t items(const Snapshot& now) const override { return now.linear.slots.size(); }
    [[nodiscard]] const char* nothing(const Snapshot& now) const override {
        return now.registers.control.narrow_paging() ? "The page tables are not known." : "Paging is off, or of long mode.";
    }
    [[nodiscard]] std::string place_name(const Snapshot& now, size_t slot) const override;
    void draw_cells(const Drawing& d) const override;
    std::vector<SideLabel> draw_ranges(const Drawing& d) const override;
    [[nodiscard]] Hit describe(const Snapshot& now, ItemRange slots) const override;

private:
    static void draw_split(const Drawing& d);
};

}  // namespace tools::view
