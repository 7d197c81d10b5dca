// SPDX-License-Identifier: LGPL-2.1-or-later
// Calls, replies and tokens over the states of two processes.
#include "guest-kernel/kernel/ipc.hpp"

#include "guest-kernel/kernel/scheduler.hpp"

namespace guest {
namespace {

constexpr auto no_process = static_cast<int32_t>(Error::no_process);

void append_caller(Process& to, Process& caller) {
    caller.next = nullptr;
    if (to.callers) to.last_caller->next = &caller;
    else to.callers = &caller;
    to.last_caller = &caller;
}

// The first waiting caller's id and word, as if it had just arrived.
int32_t accept_caller(Process& me) {
    Process& caller = *me.callers;
    me.callers = caller.next;
    caller.state = State::calling;
    me.word = caller.word;
    return caller.id;
}

}  // namespace

int32_t ipc_call(int32_t process, uint32_t word) {
    Process& me = current();
    Process* const to = find_process(process);
    if (!to || to == &me) return no_process;
    me.partner = to;
    me.word = word;
    if (to->state == State::receiving) {
        me.state = State::calling;
        to->word = word;
        to->status = me.id;
        to->state = State::ready;
        switch_to(*to);
    } else {
        me.state = State::sending;
        append_caller(*to, me);
        schedule();
    }
    return me.status;
}

int32_t ipc_receive() {
    Process& me = current();
    me.has_received = true;
    if (me.callers) return accept_caller(me);
    me.state = State::receiving;
    schedule();
    return me.status;
}

int32_t ipc_reply(int32_t process, uint32_t word) {
    Process& me = current();
    Process* const caller = find_process(process);
    if (!caller || caller->state != State::calling || caller->partner != &me) return no_process;
    caller->word = word;
    caller->status = 0;
    caller->state = State::ready;
    if (me.callers) {
        make_ready(*caller);
        return accept_caller(me);
    }
    me.state = State::receiving;
    switch_to(*caller);
    return me.status;
}

int32_t post_token(int32_t process) {
    Process* to = find_process(process);
    if (!to && process == 0) to = &boot_process();
    if (!to) return no_process;
    ++to->tokens;
    if (to->state == State::taking) {
        to->state = State::ready;
        make_ready(*to);
    }
    return 0;
}

void take_token() {
    Process& me = current();
    while (me.tokens == 0) {
        me.state = State::taking;
        schedule();
    }
    --me.tokens;
}

void abandon_calls(Process& dead) {
    if (!dead.has_received && !dead.callers) return;
    const auto abandon = [&](Process& p) {
        if (p.partner != &dead || (p.state != State::sending && p.state != State::calling)) return;
        p.status = no_process;
        p.partner = nullptr;
        p.state = State::ready;
        make_ready(p);
    };
    processes.for_each(abandon);
    abandon(boot_process());  // it may call, too
}

}  // namespace guest
