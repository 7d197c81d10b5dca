// SPDX-License-Identifier: LGPL-2.1-or-later
// Round robin over the ready processes. The kernel is not pre-empted: it switches where it blocks, and when an interrupt
// arrives in ring 3.
#pragma once

#include "guest-kernel/kernel/process.hpp"

namespace guest {

// Appends a process to the run queue.
void make_ready(Process& p);

// Runs the first ready process; the current one continues when it is ready again. Call it with the current process's
// state set to what it waits for, or after make_ready(current()). With nobody ready it halts until an interrupt makes
// somebody so; if none can come it is a deadlock: panics.
void schedule();

// The current process goes to the end of the queue.
void yield_current();

// The same; with nobody ready it first halts until an interrupt makes somebody so.
void yield_or_idle();

// Runs `p`, which is not in the run queue, at once: IPC's direct hand-over. Panics if the current stack has run over.
void switch_to(Process& p);

// Processor time switches so far, for tests.
uint32_t switch_count();

}  // namespace guest
