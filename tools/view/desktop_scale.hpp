// SPDX-License-Identifier: LGPL-2.1-or-later
// How much larger than on a display of 96 dots per inch everything should be, where the display server does not say: on X11.
#pragma once

#include <charconv>
#include <string_view>

namespace tools::view {

// `wish`: the environment's GDK_SCALE, a whole number that desktops set for such displays; without one, GNOME's rule (mutter's
// meta-monitor.c): from 192 dots per inch on, and if there is room for it. dots_per_inch: 0 if not known; height in pixels.
[[nodiscard]] inline double desktop_scale(const char* wish, double dots_per_inch, int height) {
    constexpr int most = 8, least_height = 1200;
    constexpr double high = 192;
    if (wish) {
        const std::string_view word{wish};
        int scale = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), scale);
        if (error == std::errc{} && end == word.data() + word.size() && scale >= 1 && scale <= most) return scale;
    }
    return dots_per_inch >= high && height >= least_height ? 2 : 1;
}

}  // namespace tools::view
