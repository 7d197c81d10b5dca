// SPDX-License-Identifier: LGPL-2.1-or-later
// Text made to fit: cut with an ellipsis, wrapped, aligned in a rectangle.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "canvas.hpp"

namespace tools::view {

inline constexpr std::string_view ellipsis = "\u2026";

// The longest beginning that fits with an ellipsis after it; the text itself if it fits; empty if not even the ellipsis fits. Never
// cuts inside a character of UTF-8.
[[nodiscard]] std::string fit(const Canvas& canvas, std::string_view text, Font font, int width);

// Lines broken at spaces; a word wider than a line is broken where it must be. Newlines are kept.
[[nodiscard]] std::vector<std::string> wrap(const Canvas& canvas, std::string_view text, Font font, int width);

enum class Align : uint8_t { left, center, right };

// One line, fitted, in the middle of the rectangle's height.
void draw_text(Canvas& canvas, Rect where, std::string_view text, Font font, Color color, Align align = Align::left);

}  // namespace tools::view
