// SPDX-License-Identifier: LGPL-2.1-or-later
// Xlib's handler of such errors is the process', for all displays: XSetIOErrorHandler(3). SDL and GTK have loaded it, or nobody has.
#include "lost_display.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

namespace plugin {

namespace {

using Handler = int (*)(void* display);
void (*told)() = nullptr;

int display_has_gone(void*) {
    told();
    leave_process();
}

}  // namespace

void leave_process() {
    fflush(nullptr);
    _exit(EXIT_FAILURE);
}

void watch_display(void (*lost)()) {
    told = lost;
    void* const xlib = dlopen("libX11.so.6", RTLD_LAZY | RTLD_NOLOAD);
    if (!xlib) return;
    if (const auto set = reinterpret_cast<Handler (*)(Handler)>(dlsym(xlib, "XSetIOErrorHandler"))) set(display_has_gone);
}

}  // namespace plugin
