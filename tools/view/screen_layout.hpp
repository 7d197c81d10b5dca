// SPDX-License-Identifier: LGPL-2.1-or-later
// Which part of the window is whose: all panels where there is room for them, else one at a time under tabs, else only a message.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "canvas.hpp"

namespace tools::view {

enum class PanelId : uint8_t { memory, linear, tlb, charts, inspector };
inline constexpr size_t panel_count = 5;
inline constexpr std::array<std::string_view, panel_count> tab_names{"Memory", "Linear", "TLBs", "Charts", "Walk"};

struct ScreenLayout {
    enum class Kind : uint8_t { all_panels, one_panel, message };
    Kind kind = Kind::message;
    Rect status, tabs, event_line, controls;  // empty: not shown
    std::array<Rect, panel_count> panels{};   // with frame and title; empty: not shown

    [[nodiscard]] Rect panel(PanelId id) const { return panels[static_cast<size_t>(id)]; }
    [[nodiscard]] std::optional<PanelId> panel_at(Point p) const;
    [[nodiscard]] Rect tab(size_t n) const { return column(tabs, static_cast<int>(n), static_cast<int>(panel_count)); }
};

// alone: the focused panel takes the place of all. status_height: what its fields need at this width.
[[nodiscard]] ScreenLayout lay_out(const Canvas& canvas, PanelId focus, bool alone, int status_height);

[[nodiscard]] int title_height(const Canvas& canvas);
// What a panel draws in: inside its frame and below its title.
[[nodiscard]] Rect body_of(const Canvas& canvas, Rect panel);

}  // namespace tools::view
