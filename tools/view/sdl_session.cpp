// SPDX-License-Identifier: LGPL-2.1-or-later
// Starting and ending SDL.
#include "sdl_session.hpp"

#include <SDL.h>
#include <SDL_ttf.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "tools/error.hpp"

namespace tools::view {
namespace {

constexpr int signals[] = {SIGINT, SIGTERM, SIGHUP};

volatile sig_atomic_t signal_seen = 0;
void (*sdl_handler)(int) = nullptr;
bool display_open = false;

// SDL's own handler makes SDL_QUIT of a signal, and wakes its waiting; ours only keeps the number.
void remember(int number) {
    signal_seen = number;
    if (sdl_handler != nullptr) sdl_handler(number);
}

// The X library calls exit() when its server has gone, and nothing can be drawn or asked any more.
void on_exit_of_the_library() {
    if (!display_open) return;
    std::fputs("zonescope: view: the display has gone away; the recording is unharmed\n", stderr);
    _exit(static_cast<int>(Status::failed));
}

}  // namespace

SdlText::SdlText() {
    if (TTF_Init() != 0) throw Failure{"view", std::string{"the fonts' library does not start ("} + TTF_GetError() + ")"};
}
SdlText::~SdlText() { TTF_Quit(); }

SdlDisplay::SdlDisplay() {
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    SDL_SetHint(SDL_HINT_APP_NAME, "zonescope");
    // Where there is no display SDL may still find a driver that shows nothing, and then wait for ever for a key.
    const bool started = SDL_Init(SDL_INIT_VIDEO) == 0;
    const std::string driver = started ? SDL_GetCurrentVideoDriver() : "";
    if (!started || (driver != "x11" && driver != "wayland" && SDL_getenv("SDL_VIDEODRIVER") == nullptr)) {
        const std::string why = started ? "SDL found only its driver \"" + driver + "\"" : SDL_GetError();
        SDL_Quit();
        throw Failure{"view", "there is no display here (" + why + "); set DISPLAY or WAYLAND_DISPLAY, or use --screenshot FILE.png"};
    }
    for (const int number : signals) {
        struct sigaction old {}, ours {};
        sigaction(number, nullptr, &old);
        // SDL handles SIGINT and SIGTERM; the same serves for SIGHUP.
        if (sdl_handler == nullptr && old.sa_handler != SIG_DFL && old.sa_handler != SIG_IGN) sdl_handler = old.sa_handler;
        if (old.sa_handler == SIG_IGN) continue;
        ours.sa_handler = remember;
        sigaction(number, &ours, nullptr);
    }
    static const bool registered = std::atexit(on_exit_of_the_library) == 0;
    display_open = registered;
}

SdlDisplay::~SdlDisplay() {
    SDL_Quit();
    display_open = false;
}

int quitting_signal() { return signal_seen; }

}  // namespace tools::view
