// SPDX-License-Identifier: LGPL-2.1-or-later
// Cutting the window into parts.
#include "screen_layout.hpp"

#include "control_bar.hpp"

namespace tools::view {

std::optional<PanelId> ScreenLayout::panel_at(Point p) const {
    for (size_t i = 0; i < panel_count; ++i)
        if (panels[i].contains(p)) return static_cast<PanelId>(i);
    return {};
}

int title_height(const Canvas& canvas) { return canvas.line_height(Font::title) + canvas.px(6); }

Rect body_of(const Canvas& canvas, Rect panel) {
    panel.cut_top(title_height(canvas));
    return panel.inset(canvas.px(8), canvas.px(4));
}

ScreenLayout lay_out(const Canvas& canvas, PanelId focus, bool alone, int status_height) {
    ScreenLayout s;
    Rect rest{0, 0, canvas.size().width, canvas.size().height};
    if (rest.width < canvas.px(240) || rest.height < canvas.px(180)) return s;
    const int gap = canvas.px(6);
    s.status = rest.cut_top(status_height);
    s.controls = rest.cut_bottom(control_bar_height(canvas));
    s.event_line = rest.cut_bottom(canvas.line_height(Font::mono_small) + canvas.px(6));
    const bool small = rest.width < canvas.px(900) || rest.height < canvas.px(430);
    if (small || alone) {
        s.kind = ScreenLayout::Kind::one_panel;
        s.tabs = rest.cut_top(canvas.line_height(Font::text) + canvas.px(8)).inset(gap, 0);
        s.panels[static_cast<size_t>(focus)] = Rect{rest.x + gap, rest.y + gap, rest.width - 2 * gap, rest.height - gap};
        return s;
    }
    s.kind = ScreenLayout::Kind::all_panels;
    rest = {rest.x + gap, rest.y, rest.width - 2 * gap, rest.height};
    const auto part = [&](Rect from, int first, int end, int of) {
        const Rect a = column(from, first, of), b = column(from, end - 1, of);
        return Rect{a.x, a.y, b.right() - a.x - (end == of ? 0 : gap), a.height};
    };
    const Rect upper = rest.cut_top(rest.height * 56 / 100);
    rest.cut_top(gap);
    s.panels[static_cast<size_t>(PanelId::memory)] = part(upper, 0, 4, 12);
    s.panels[static_cast<size_t>(PanelId::linear)] = part(upper, 4, 8, 12);
    s.panels[static_cast<size_t>(PanelId::tlb)] = part(upper, 8, 12, 12);
    s.panels[static_cast<size_t>(PanelId::charts)] = part(rest, 0, 5, 12);
    s.panels[static_cast<size_t>(PanelId::inspector)] = part(rest, 5, 12, 12);
    return s;
}

}  // namespace tools::view
