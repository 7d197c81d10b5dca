// SPDX-License-Identifier: LGPL-2.1-or-later
// Calls, replies and tokens over the states of two processes.
#include "guest-kernel/kernel/ipc.hpp"

#include "guest-kernel/kernel/ipc_pages.hpp"
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

// Ends a call that cannot be.
void refuse(Process& caller, int32_t status) {
    caller.status = status;
    caller.partner = nullptr;
    caller.state = State::ready;
    make_ready(caller);
}

// The first waiting caller's id and word, as if it had just arrived; 0 if its pages could not come.
int32_t accept_caller(Process& me) {
    Process& caller = *me.callers;
    me.callers = caller.next;
    if (caller.outgoing_pages != 0) {
        const int32_t status = take_pages(caller, me);
        if (status != 0) return refuse(caller, status), 0;
    }
    caller.state = State::calling;
    me.word = caller.word;
    return caller.id;
}

int32_t receive_next(Process& me) {
    while (me.callers) {
        if (const int32_t caller = accept_caller(me)) return caller;
        if (me.killed) return static_cast<int32_t>(Error::interrupted);
    }
    me.state = State::receiving;
    schedule();
    return me.status;
}

// The receiver is getting pages; when it has them it may be gone.
[[gnu::noinline]] int32_t call_later(int32_t process, uint32_t word) {
    wait_for_transfer();
    return ipc_call(process, word);
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
        if (to->state == State::busy) return call_later(process, word);
        me.state = State::sending;
        append_caller(*to, me);
        schedule();
    }
    return me.status;
}

int32_t ipc_receive() {
    Process& me = current();
    me.has_received = true;
    return receive_next(me);
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
        return receive_next(me);
    }
    me.state = State::receiving;
    switch_to(*caller);
    return me.status;
}

Process* awaited_caller(int32_t process) {
    Process* const caller = find_process(process);
    return caller && caller->state == State::calling && caller->partner == &current() ? caller : nullptr;
}

void withdraw_call(Process& caller) {
    Process& to = *caller.partner;
    Process* before = nullptr;
    for (Process* p = to.callers; p != &caller; p = p->next) before = p;
    if (before) before->next = caller.next;
    else to.callers = caller.next;
    if (to.last_caller == &caller) to.last_caller = before;
    caller.outgoing_pages = 0;
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
        p.outgoing_pages = 0;
        refuse(p, no_process);
    };
    processes.for_each(abandon);
    abandon(boot_process());  // it may call, too
}

}  // namespace guest
