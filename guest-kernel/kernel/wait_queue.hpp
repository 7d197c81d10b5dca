// SPDX-License-Identifier: LGPL-2.1-or-later
// Wait queues: where processes sleep until somebody, often an interrupt handler, wakes them. Linux' include/linux/wait.h.
//
//   while (!request.done) sleep(request.queue);      // the handler: request.done = true; wake_all(request.queue);
//
// No wake-up is lost between the test and the sleep: the kernel takes no interrupt there. Every process may sleep, the
// boot process too; when all do, the scheduler idles.
#pragma once

#include <stdint.h>

namespace guest {

struct Process;

class WaitQueue final {
public:
    constexpr WaitQueue() = default;
    bool empty() const { return !first_; }

    void append(Process& p);
    void remove(Process& p);  // one that is in it
    Process* first() const { return first_; }

private:
    Process* first_ = nullptr;
    Process* last_ = nullptr;
};

// The current process sleeps until it is woken. Check again what it waited for: others may have been faster.
void sleep(WaitQueue& queue);

// The same for `ticks` of the timer at most (timer.hpp), which runs meanwhile; false if they passed.
[[nodiscard]] bool sleep_for(WaitQueue& queue, uint32_t ticks);

// Make the longest sleeper ready, or all of them, in the order in which they came. Never switch.
void wake_one(WaitQueue& queue);
void wake_all(WaitQueue& queue);

// Wakes this sleeper, wherever it sleeps.
void wake_sleeper(Process& p);

// Wakes those whose time has come: the timer calls it at each tick.
void wake_expired(uint32_t now);

}  // namespace guest
