// SPDX-License-Identifier: LGPL-2.1-or-later
// Down once to push labels off each other, up once to bring the last ones back inside.
#include "side_labels.hpp"

#include <algorithm>

#include "text_fit.hpp"

namespace tools::view {

std::vector<int> spread(const std::vector<SideLabel>& labels, int top, int bottom, int height) {
    std::vector<int> tops(labels.size(), -1);
    const auto room = static_cast<size_t>(std::max(0, bottom - top) / std::max(1, height));
    const size_t count = std::min(labels.size(), room);
    int next = top;
    for (size_t i = 0; i < count; ++i) next = tops[i] = std::max(next, labels[i].y - height / 2), next += height;
    int limit = bottom - height;
    for (size_t i = count; i-- > 0;) limit = tops[i] = std::min(limit, tops[i]), limit -= height;
    return tops;
}

void draw_side_labels(Canvas& canvas, Rect where, std::vector<SideLabel> labels, Font font) {
    std::stable_sort(labels.begin(), labels.end(), [](const SideLabel& a, const SideLabel& b) { return a.y < b.y; });
    const int height = canvas.line_height(font);
    const std::vector<int> tops = spread(labels, where.y, where.bottom(), height);
    for (size_t i = 0; i < labels.size(); ++i)
        if (tops[i] >= 0) draw_text(canvas, {where.x, tops[i], where.width, height}, labels[i].text, font, labels[i].color);
}

}  // namespace tools::view
