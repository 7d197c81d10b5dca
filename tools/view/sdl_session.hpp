// SPDX-License-Identifier: LGPL-2.1-or-later
// SDL while it is in use: started, ended, and what a signal or a display that goes away does.
#pragma once

namespace tools::view {

// The fonts' library; pictures need no more.
class SdlText final {
public:
    SdlText();
    ~SdlText();
    SdlText(const SdlText&) = delete;
    SdlText& operator=(const SdlText&) = delete;
};

// The display. Throws Failure if there is none. From here on SIGINT, SIGTERM and SIGHUP arrive as SDL's wish to quit, and if the
// display's connection breaks, which ends a program from within its library, a line says so and the status is 1.
class SdlDisplay final {
public:
    SdlDisplay();
    ~SdlDisplay();
    SdlDisplay(const SdlDisplay&) = delete;
    SdlDisplay& operator=(const SdlDisplay&) = delete;
};

// The number of the signal that asked to quit; 0: none did.
[[nodiscard]] int quitting_signal();

}  // namespace tools::view
