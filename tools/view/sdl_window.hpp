// SPDX-License-Identifier: LGPL-2.1-or-later
// The window: opens it, waits for events, hands them to the viewer, draws what has changed.
#pragma once

#include <filesystem>

#include "viewer.hpp"

namespace tools::view {

struct WindowOptions {
    Size size{1280, 800};             // of the window, in the desktop's units
    double scale = 0;                 // of text and everything; 0: that of the display
    std::filesystem::path fonts;
};

// Until the person, or a signal, ends it. Returns the exit status: 0, or 128 and the signal's number. Throws Failure if there is no
// display. If the display goes away, the program ends here with status 1.
[[nodiscard]] int run_window(Viewer& viewer, const WindowOptions& options);

// One picture of the viewer as a window of this size would show it; needs no display.
void save_picture(Viewer& viewer, Size pixels, double scale, const std::filesystem::path& fonts, const std::filesystem::path& file);

}  // namespace tools::view
