// SPDX-License-Identifier: LGPL-2.1-or-later
// Sleepers, linked through their processes; those with a time limit are in a second list, the next to expire first.
#include "guest-kernel/kernel/wait_queue.hpp"

#include "guest-kernel/kernel/process.hpp"
#include "guest-kernel/kernel/scheduler.hpp"
#include "guest-kernel/kernel/timer.hpp"
#include "guest-kernel/mm/require.hpp"

namespace guest {
namespace {

Process* first_to_expire = nullptr;

bool before(uint32_t a, uint32_t b) { return static_cast<int32_t>(a - b) < 0; }  // ticks wrap

void start_limit(Process& p, uint32_t ticks) {
    p.wake_at = timer_ticks() + ticks;
    Process** place = &first_to_expire;
    while (*place && !before(p.wake_at, (*place)->wake_at)) place = &(*place)->next_to_expire;
    p.next_to_expire = *place;
    *place = &p;
    hold_timer();
}

void end_limit(Process& p) {
    Process** place = &first_to_expire;
    while (*place && *place != &p) place = &(*place)->next_to_expire;
    if (!*place) return;
    *place = p.next_to_expire;
    release_timer();
}

void wake(Process& p) {
    p.sleeps_in->remove(p);
    p.sleeps_in = nullptr;
    p.state = State::ready;
    make_ready(p);
}

}  // namespace

void WaitQueue::append(Process& p) {
    p.next = nullptr;
    if (last_) last_->next = &p;
    else first_ = &p;
    last_ = &p;
}

void WaitQueue::remove(Process& p) {
    Process* previous = nullptr;
    Process* here = first_;
    for (; here && here != &p; here = here->next) previous = here;
    require(here, "removed a process from a wait queue that it is not in");
    if (previous) previous->next = p.next;
    else first_ = p.next;
    if (last_ == &p) last_ = previous;
}

void sleep(WaitQueue& queue) {
    Process& me = current();
    queue.append(me);
    me.sleeps_in = &queue;
    me.state = State::sleeping;
    schedule();
}

bool sleep_for(WaitQueue& queue, uint32_t ticks) {
    Process& me = current();
    me.expired = false;
    start_limit(me, ticks);
    sleep(queue);
    if (!me.expired) end_limit(me);
    return !me.expired;
}

void wake_one(WaitQueue& queue) {
    if (!queue.empty()) wake(*queue.first());
}

void wake_sleeper(Process& p) { wake(p); }

void wake_all(WaitQueue& queue) {
    while (!queue.empty()) wake(*queue.first());
}

// A sleeper that was woken but has not run yet may still be in the list: it was in time.
void wake_expired(uint32_t now) {
    while (first_to_expire && !before(now, first_to_expire->wake_at)) {
        Process& p = *first_to_expire;
        end_limit(p);
        if (p.state != State::sleeping) continue;
        p.expired = true;
        wake(p);
    }
}

}  // namespace guest
