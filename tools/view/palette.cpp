// SPDX-License-Identifier: LGPL-2.1-or-later
// Mixing, contrast, and the colours of names and amounts.
#include "palette.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

namespace tools::view {
namespace {

uint8_t blend(uint8_t a, uint8_t b, double share) { return static_cast<uint8_t>(std::lround(a + (b - a) * share)); }

// Of WCAG 2.1, "relative luminance".
double luminance(Color c) {
    const auto linear = [](uint8_t v) {
        const double s = v / 255.0;
        return s <= 0.04045 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(c.red) + 0.7152 * linear(c.green) + 0.0722 * linear(c.blue);
}

struct Named {
    std::string_view name;
    Color color;
};

constexpr Named zones[] = {{"DMA", orange}, {"DMA32", yellow}, {"NORMAL", sky_blue}, {"HIGHMEM", bluish_green}, {"MOVABLE", pink}};
constexpr Named regions[] = {{"user", bluish_green}, {"lowmem", sky_blue}, {"vmalloc", orange}, {"pkmap", pink},
                             {"fixmap", yellow}, {"trampoline", vermilion}, {"cpu_entry_area", vermilion}};
constexpr Color others = rgb(0xC4CCD7);
constexpr std::array series{sky_blue, orange, bluish_green, pink, yellow, vermilion, white, violet, others};

// Matplotlib's viridis at eighths, lightened at its dark end so that the least amount differs from no amount on a dark ground.
constexpr std::array ramp{rgb(0x4B2A7B), rgb(0x4C4A8F), rgb(0x3E6A9A), rgb(0x2F849E), rgb(0x239D96), rgb(0x3AB67F), rgb(0x74CC5C), rgb(0xB8DC3A), rgb(0xFDE725)};

// Guests of their own write their zones in whatever case.
bool same_name(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

template <size_t N>
Color look_up(const Named (&names)[N], std::string_view name, unsigned number) {
    if (same_name(name, "other")) return others;
    for (const Named& n : names)
        if (same_name(n.name, name)) return n.color;
    return series_color(number);
}

}  // namespace

Color mix(Color a, Color b, double share) {
    share = std::clamp(share, 0.0, 1.0);
    return {blend(a.red, b.red, share), blend(a.green, b.green, share), blend(a.blue, b.blue, share), blend(a.alpha, b.alpha, share)};
}

double contrast(Color a, Color b) {
    const double x = luminance(a) + 0.05, y = luminance(b) + 0.05;
    return std::max(x, y) / std::min(x, y);
}

Color zone_color(std::string_view name, unsigned number) { return look_up(zones, name, number); }
Color region_color(std::string_view name, unsigned number) { return look_up(regions, name, number); }
Color series_color(unsigned number) { return series[number % series.size()]; }

Color heat_color(double amount) {
    const double at = std::clamp(amount, 0.0, 1.0) * (ramp.size() - 1);
    const auto below = std::min(static_cast<size_t>(at), ramp.size() - 2);
    return mix(ramp[below], ramp[below + 1], at - static_cast<double>(below));
}

double heat_amount(double count, double largest) {
    if (count <= 0 || largest <= 0) return 0;
    return std::clamp((1 + std::log2(count + 1)) / (1 + std::log2(largest + 1)), 0.0, 1.0);
}

}  // namespace tools::view
