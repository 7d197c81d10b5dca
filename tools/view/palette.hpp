// SPDX-License-Identifier: LGPL-2.1-or-later
// The viewer's colours: a dark ground, hues for what has a name, a viridis-like ramp for amounts.
//
// The hues are Okabe and Ito's, but for their purple, which people with deuteranopia hardly tell from green or grey, and three more. Any two
// that a panel shows are told apart with protanopia and deuteranopia, too, and a test computes it. The ramp's lightness rises evenly, so that
// it reads in grey, too. Text keeps a contrast of at least 4.5 to its ground (WCAG 2.1, 1.4.3), and a test computes it.
#pragma once

#include <stdint.h>

#include <string_view>

namespace tools::view {

struct Color {
    uint8_t red = 0, green = 0, blue = 0, alpha = 255;
    friend constexpr bool operator==(Color, Color) = default;
};

[[nodiscard]] constexpr Color rgb(uint32_t word) {
    return {static_cast<uint8_t>(word >> 16), static_cast<uint8_t>(word >> 8), static_cast<uint8_t>(word), 255};
}
[[nodiscard]] constexpr Color with_alpha(Color c, double alpha) { return {c.red, c.green, c.blue, static_cast<uint8_t>(alpha * 255 + 0.5)}; }

// `share` of b, the rest of a; 0 is a.
[[nodiscard]] Color mix(Color a, Color b, double share);
// The ratio of WCAG 2.1: 1 (none) to 21 (black on white).
[[nodiscard]] double contrast(Color a, Color b);

inline constexpr Color orange = rgb(0xE69F00), sky_blue = rgb(0x56B4E9), bluish_green = rgb(0x009E73), yellow = rgb(0xF0E442),
                       blue = rgb(0x0072B2), vermilion = rgb(0xD55E00), pink = rgb(0xE87AB0), violet = rgb(0x8040FF), magenta = rgb(0xB048B0), white = rgb(0xFFFFFF);

inline constexpr Color background = rgb(0x0E1116), panel_ground = rgb(0x171C24), panel_border = rgb(0x2C3440), raised = rgb(0x252D39),
                       focus_border = sky_blue, plain_text = rgb(0xE6EAF0), dim_text = rgb(0x9AA5B4), grid_line = rgb(0x2A323E),
                       hole = rgb(0x0A0C10), empty_cell = rgb(0x232A35), flash_fill = white, flash_flush = violet, global_mark = magenta,
                       alert_text = rgb(0xFF9E6B);

// By name, so that a zone has its colour in every panel, picture and recording; a name that is not known gets one by its number.
[[nodiscard]] Color zone_color(std::string_view name, unsigned number);
[[nodiscard]] Color region_color(std::string_view name, unsigned number);
[[nodiscard]] Color series_color(unsigned number);

// Amount 0 to 1: dark violet over green to yellow. Outside: the ends.
[[nodiscard]] Color heat_color(double amount);
// Where a count lies between none (0) and the largest (1), by its logarithm: a page walked once is seen beside one walked a million times.
[[nodiscard]] double heat_amount(double count, double largest);

}  // namespace tools::view
