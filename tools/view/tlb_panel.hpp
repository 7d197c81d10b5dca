// SPDX-License-Identifier: LGPL-2.1-or-later
// The modelled TLBs of the chosen profile, entry by entry, in the colours of their frames' zones; what has just changed flashes.
#pragma once

#include "panel.hpp"
#include "tlb_layout.hpp"

namespace tools::view {

class TlbPanel final : public Panel {
public:
    [[nodiscard]] const char* title() const override { return "TLBs"; }
    [[nodiscard]] std::string subtitle(const Snapshot& now, const Look& look) const override;
    void draw(Canvas& canvas, Rect body, const Snapshot& now, const Look& look) override;
    [[nodiscard]] std::optional<Hit> hit(const Canvas& canvas, Rect body, const Snapshot& now, const Look& look, Point at) const override;

private:
    [[nodiscard]] static TlbLayout layout(const Canvas& canvas, Rect body, const Snapshot& now);
};

}  // namespace tools::view
