// SPDX-License-Identifier: LGPL-2.1-or-later
// What happened lately: misses, flushes and cycles, each a strip over the same time.
#pragma once

#include <array>

#include "panel.hpp"
#include "strip_chart.hpp"

namespace tools::view {

class ChartsPanel final : public Panel {
public:
    [[nodiscard]] const char* title() const override { return "Over time"; }
    [[nodiscard]] std::string subtitle(const Snapshot& now, const Look& look) const override;
    void draw(Canvas& canvas, Rect body, const Snapshot& now, const Look& look) override;
    [[nodiscard]] std::optional<Hit> hit(const Canvas& canvas, Rect body, const Snapshot& now, const Look& look, Point at) const override;

    static constexpr int strips = 3;
    [[nodiscard]] static std::array<StripChart, strips> charts(const Snapshot& now);
};

}  // namespace tools::view
