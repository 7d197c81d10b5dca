// SPDX-License-Identifier: LGPL-2.1-or-later
// Processes: ring-3 programs, each with a kernel stack at whose low end this object lies. Threads are processes that share
// an address space, as Linux' clone(CLONE_VM) of 2.2 made them: each has its id, its parent and its end.
//
//   stack, 8 or 4 KiB of lowmem:  | Process | free ........................... | switch frame | trap frame |  <- top
//
// The boot process has no address space: it runs the workloads in ring 0.
#pragma once

#include <stddef.h>

#include "guest-kernel/abi.hpp"
#include "guest-kernel/kernel/kernel_stack.hpp"
#include "guest-kernel/kernel/process_table.hpp"
#include "guest-kernel/kernel/space_owner.hpp"

namespace guest {

class WaitQueue;
struct TrapFrame;

enum class State : uint8_t {
    ready,      // running, or in the run queue
    waiting,    // for a child's exit
    taking,     // for a token
    sending,    // in the receiver's queue of callers
    receiving,  // for a caller
    calling,    // for a reply
    sleeping,   // in a wait queue
    busy,       // as sending, receiving or calling, while pages are handed over: nobody may set it free
    newborn,    // being made: nobody may find it yet
    zombie,     // exited; its parent has not waited yet
};

inline constexpr uint32_t stack_guard = 0x57AC6E9D;  // Linux' STACK_END_MAGIC

struct Process {
    uint32_t saved_stack = 0;     // esp while not running; the first member: arch/switch.S knows
    int32_t id = 0;
    Process* parent = nullptr;
    Process* first_child = nullptr;  // the youngest; zombies included
    Process* older_sibling = nullptr;
    Process* younger_sibling = nullptr;
    State state = State::ready;
    bool killed = false;              // ends before it runs in ring 3 again (kill.hpp)
    SpaceOwner space;             // none: it runs in ring 0 only
    int32_t exit_status = 0;
    uint32_t tokens = 0;

    // IPC. `partner` is whom this process calls; status and word are what its call or receive brought.
    int32_t status = 0;
    uint32_t word = 0;
    Process* partner = nullptr;
    Process* callers = nullptr;       // first of those in state sending to this process
    Process* last_caller = nullptr;
    uint32_t window = 0, window_pages = 0;  // where pages of messages go (ipc_pages.hpp)
    uint32_t outgoing_pages = 0;      // a PageMessage that waits with its sender; 0: none
    bool has_received = false;        // others may be in state calling for this process's reply

    // Sleep (wait_queue.hpp).
    WaitQueue* sleeps_in = nullptr;
    uint32_t wake_at = 0;             // in ticks, of a sleep with a limit
    bool expired = false;             // the limit was reached
    Process* next_to_expire = nullptr;

    Process* next = nullptr;          // in the run queue, a queue of callers or a wait queue

    // The last word of the object, hence the first that a stack overrun destroys: checked at each switch.
    uint32_t guard = stack_guard;

    uint32_t stack_top() const { return reinterpret_cast<uint32_t>(this) + kernel_stack_bytes; }
};

static_assert(offsetof(Process, saved_stack) == 0 && offsetof(Process, guard) + sizeof stack_guard == sizeof(Process));

// The process whose kernel stack is in use.
inline Process& current() { return *reinterpret_cast<Process*>(stack_in_use()); }

// Makes the stack in use the boot process's, id 0.
void start_processes();

Process& boot_process();

// A new ring-3 process, ready to run main(argument) of the named program; a child of the current one.
// Returns its id, or an Error: no_program, no_memory.
[[nodiscard]] int32_t spawn(const char* program, uint32_t argument);

// A thread: a new process in the current one's address space, and its child. It starts in ring 3 at `entry` with eax =
// argument and esp = stack. Returns its id, or Error::no_memory.
[[nodiscard]] int32_t spawn_thread(uint32_t entry, uint32_t argument, uint32_t stack);
// A copy of the current process that goes on where `f` was made, as the parent does, with 0 for the result (Linux: fork).
// Returns the child's id, or Error::no_memory.
[[nodiscard]] int32_t fork(const TrapFrame& f);

// The current process becomes main(argument) of the named program: it has a new address space, `f` leads into it, and
// nothing of the old one is left. Returns an Error, and changes nothing, if that cannot be: no_program, no_memory.
[[nodiscard]] int32_t exec(TrapFrame& f, const char* program, uint32_t argument);

// A new process that runs run(context) in ring 0, in whichever address space is loaded: it must touch no user memory.
// A child of the current one, which ends when run() returns. Returns its id, or Error::no_memory.
[[nodiscard]] int32_t kernel_thread(void (*run)(void* context), void* context);

// Blocks until the child exits, frees it and returns its exit status; Error::no_process if it is no child.
[[nodiscard]] int32_t wait(int32_t child);

[[noreturn]] void exit_current(int32_t status);

// Null if there is none with this id that lives: no newborn, no zombie.
inline Process* find_process(int32_t id) {
    Process* const p = processes.at(static_cast<uint32_t>(id));
    return p && p->state < State::newborn ? p : nullptr;
}

// Frees the zombies whose parent ended before them.
void reap_orphans();

}  // namespace guest
