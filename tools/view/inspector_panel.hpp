// SPDX-License-Identifier: LGPL-2.1-or-later
// The walk inspector: an address, each entry that translates it as a row of bit fields, the frame, and where it is cached.
#pragma once

#include "panel.hpp"

namespace tools::view {

class InspectorPanel final : public Panel {
public:
    [[nodiscard]] const char* title() const override { return "Walk inspector"; }
    [[nodiscard]] std::string subtitle(const Snapshot& now, const Look& look) const override;
    void draw(Canvas& canvas, Rect body, const Snapshot& now, const Look& look) override;
    [[nodiscard]] std::optional<Hit> hit(const Canvas& canvas, Rect body, const Snapshot& now, const Look& look, Point at) const override;
    void scroll(const Snapshot& now, int rows) override;
    void zoom(const Canvas&, Rect, const Snapshot& now, int steps, Point) override { scroll(now, -steps); }

private:
    int scrolled_ = 0, lines_beyond_ = 0;
};

}  // namespace tools::view
