// SPDX-License-Identifier: LGPL-2.1-or-later
// The way out of the kernel has no test for this: a killed process's trap frame leads to an address that is never mapped,
// and the page fault there ends it (kernel/trap.cpp).
#include "guest-kernel/kernel/kill.hpp"

#include "guest-kernel/kernel/ipc.hpp"
#include "guest-kernel/kernel/scheduler.hpp"
#include "guest-kernel/kernel/trap_frame.hpp"
#include "guest-kernel/kernel/wait_queue.hpp"

namespace guest {
namespace {

constexpr uint32_t nowhere = 0;
static_assert(layout.user_start > nowhere);

void stop_waiting(Process& p) {
    switch (p.state) {
    case State::ready:
    case State::busy:  // who hands its pages over sees to it
    case State::newborn:
    case State::zombie: return;
    case State::sleeping: return wake_sleeper(p);
    case State::sending: withdraw_call(p); break;
    case State::taking: ++p.tokens; break;  // it stops waiting for one
    case State::waiting:
    case State::receiving:
    case State::calling: break;
    }
    p.status = static_cast<int32_t>(Error::interrupted);
    p.partner = nullptr;
    p.state = State::ready;
    make_ready(p);
}

}  // namespace

int32_t kill(int32_t process) {
    Process* const p = find_process(process);
    if (!p || !p->space) return static_cast<int32_t>(Error::no_process);
    if (p == &current()) exit_current(killed_by_request);
    p->killed = true;
    (reinterpret_cast<TrapFrame*>(p->stack_top()) - 1)->eip = nowhere;
    stop_waiting(*p);
    return 0;
}

}  // namespace guest
