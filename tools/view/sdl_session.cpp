// SPDX-License-Identifier: LGPL-2.1-or-later
// Starting and ending SDL.
#include "sdl_session.hpp"

#include <SDL.h>
#include <SDL_ttf.h>
#include <dlfcn.h>
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

// SDL's own handler makes SDL_QUIT of the signals that it knows, and wakes its waiting; ours only keeps the number.
void remember(int number) {
    signal_seen = number;
    if (sdl_handler != nullptr) sdl_handler(number == SIGHUP ? SIGTERM : number);
}

// Nothing can be drawn or asked any more.
[[noreturn]] void end_with(const char* line) {
    std::fputs(line, stderr);
    _exit(static_cast<int>(Status::failed));
}
constexpr char display_gone[] = "zonescope: view: the display has gone away; the recording is unharmed\n";

// A display's library may call exit() when its server has gone.
void on_exit_of_the_library() {
    if (display_open) end_with(display_gone);
}

// The X library prints several lines of its own before it exits, unless somebody else is told: when the connection is lost, and when the
// server refuses a request, as it does once somebody has destroyed the window. SDL has loaded the library, if it uses it.
int on_lost_connection(void*) { end_with(display_gone); }
int on_refused_request(void*, void*) { end_with("zonescope: view: the window was destroyed from outside; the recording is unharmed\n"); }

template <class Handler> void tell_instead(void* library, const char* function, Handler handler) {
    if (void* const set = dlsym(library, function)) reinterpret_cast<Handler (*)(Handler)>(set)(handler);
}

void speak_for_the_x_library() {
    void* const library = dlopen("libX11.so.6", RTLD_LAZY | RTLD_NOLOAD);
    if (library == nullptr) return;
    tell_instead(library, "XSetIOErrorHandler", &on_lost_connection);
    tell_instead(library, "XSetErrorHandler", &on_refused_request);
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
    if (driver == "x11") speak_for_the_x_library();
    static const bool registered = std::atexit(on_exit_of_the_library) == 0;
    display_open = registered;
}

SdlDisplay::~SdlDisplay() {
    SDL_Quit();
    display_open = false;
}

int quitting_signal() { return signal_seen; }

}  // namespace tools::view
