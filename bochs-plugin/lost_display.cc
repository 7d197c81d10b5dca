// SPDX-License-Identifier: LGPL-2.1-or-later
// Xlib's handler of such errors is the process', for all displays: XSetIOErrorHandler(3). Whoever shows windows has loaded it, or nobody has.
#include "lost_display.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

namespace plugin {

namespace {

using Handler = int (*)(void* display);
using SetHandler = Handler (*)(Handler);
void (*told)() = nullptr;

int display_has_gone(void*) {
    told();
    leave_process();
}

SetHandler xlibs_own() {
    void* const xlib = dlopen("libX11.so.6", RTLD_LAZY | RTLD_NOLOAD);
    return xlib ? reinterpret_cast<SetHandler>(dlsym(xlib, "XSetIOErrorHandler")) : nullptr;
}

}  // namespace

void leave_process() {
    fflush(nullptr);
    _exit(EXIT_FAILURE);
}

void watch_display(void (*lost)()) {
    told = lost;
    if (const SetHandler set = xlibs_own()) set(display_has_gone);
}

}  // namespace plugin

// In the place of Xlib's, since a program's own functions come before those of its libraries. GTK calls it before it opens its windows: its
// handler would end the process at once, and does not get into the place of the one that is there.
extern "C" plugin::Handler XSetIOErrorHandler(plugin::Handler handler);
plugin::Handler XSetIOErrorHandler(plugin::Handler handler) {
    if (plugin::told) return plugin::display_has_gone;
    const plugin::SetHandler set = plugin::xlibs_own();
    return set ? set(handler) : nullptr;
}
