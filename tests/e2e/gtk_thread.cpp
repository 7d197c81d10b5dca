// SPDX-License-Identifier: LGPL-2.1-or-later
// Preloaded into Bochs' debugger: ends it where a thread other than that of gtk_main() destroys one of its widgets, which ends otherwise in a
// crash, but only now and then.
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>

#include <atomic>

namespace {

std::atomic<bool> runs{false};
pthread_t gtks;

template <class Function>
Function next(const char* name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

void gtk_main();
void gtk_widget_destroy(void* widget);

void gtk_main() {
    gtks = pthread_self(), runs = true;
    next<void (*)()>("gtk_main")();
}

void gtk_widget_destroy(void* widget) {
    if (runs && !pthread_equal(pthread_self(), gtks)) abort();
    next<void (*)(void*)>("gtk_widget_destroy")(widget);
}

}  // extern "C"
