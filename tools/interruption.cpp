// SPDX-License-Identifier: LGPL-2.1-or-later
// Signal handlers that count.
#include "interruption.hpp"

#include <signal.h>

#include <atomic>

namespace tools {
namespace {

std::atomic<int> received = 0;
static_assert(std::atomic<int>::is_always_lock_free, "it is changed in a signal handler");
constexpr int impatient = 3;

void count(int number) {
    if (++received < impatient) return;
    signal(number, SIG_DFL);
    raise(number);
}

}  // namespace

void remember_interruptions() {
    struct sigaction action {};
    action.sa_handler = count;  // no SA_RESTART: waits shall end
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaction(number, &action, nullptr);
    signal(SIGXFSZ, SIG_IGN);  // Bochs and xorriso inherit this
}

bool interrupted() { return received != 0; }

}  // namespace tools
