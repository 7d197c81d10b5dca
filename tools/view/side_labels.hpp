// SPDX-License-Identifier: LGPL-2.1-or-later
// Labels beside a map, each at its height, pushed apart where they would lie on each other.
#pragma once

#include <string>
#include <vector>

#include "canvas.hpp"

namespace tools::view {

struct SideLabel {
    int y = 0;             // where its middle wants to be
    std::string text;
    Color color;
};

// The upper edge of each label of this height, in the labels' order, all in [top, bottom) and apart; those for which there is no room
// are left out (-1). The labels are sorted by y.
[[nodiscard]] std::vector<int> spread(const std::vector<SideLabel>& labels, int top, int bottom, int height);

void draw_side_labels(Canvas& canvas, Rect where, std::vector<SideLabel> labels, Font font);

}  // namespace tools::view
