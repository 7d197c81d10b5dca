// SPDX-License-Identifier: LGPL-2.1-or-later
// Processes: ring-3 programs, each with an address space and an 8 KiB kernel stack at whose low end this object lies.
//
//   stack, order-1 lowmem block:  | Process | free ............................ | switch frame | trap frame |  <- top
//
// The boot process has no address space: it runs the workloads in ring 0.
#pragma once

#include "guest-kernel/abi.hpp"
#include "guest-kernel/arch/stack.hpp"
#include "guest-kernel/kernel/space_owner.hpp"

namespace guest {

class WaitQueue;

inline constexpr uint32_t kernel_stack_bytes = 8192;
inline constexpr int32_t max_processes = 256;

enum class State : uint8_t {
    ready,      // running, or in the run queue
    waiting,    // for a child's exit
    taking,     // for a token
    sending,    // in the receiver's queue of callers
    receiving,  // for a caller
    calling,    // for a reply
    sleeping,   // in a wait queue
    zombie,     // exited; its parent has not waited yet
};

struct Process {
    uint32_t saved_stack = 0;     // esp while not running; the first member: arch/switch.S knows
    int32_t id = 0;
    Process* parent = nullptr;
    State state = State::ready;
    SpaceOwner space;             // none: it runs in ring 0 only
    int32_t exit_status = 0;
    uint32_t tokens = 0;

    // IPC. `partner` is whom this process calls; status and word are what its call or receive brought.
    int32_t status = 0;
    uint32_t word = 0;
    Process* partner = nullptr;
    Process* callers = nullptr;       // first of those in state sending to this process
    Process* last_caller = nullptr;

    // Sleep (wait_queue.hpp).
    WaitQueue* sleeps_in = nullptr;
    uint32_t wake_at = 0;             // in ticks, of a sleep with a limit
    bool expired = false;             // the limit was reached
    Process* next_to_expire = nullptr;

    Process* next = nullptr;          // in the run queue, a queue of callers or a wait queue

    uint32_t stack_top() const { return reinterpret_cast<uint32_t>(this) + kernel_stack_bytes; }
};

// The process whose kernel stack is in use.
inline Process& current() { return *reinterpret_cast<Process*>(stack_pointer() & ~(kernel_stack_bytes - 1)); }

// Makes the boot stack the boot process, id 0.
void start_processes();

// A new ring-3 process, ready to run main(argument) of the named program; a child of the current one.
// Returns its id, or an Error: no_program, no_memory.
[[nodiscard]] int32_t spawn(const char* program, uint32_t argument);

// A new process that runs run(context) in ring 0, in whichever address space is loaded: it must touch no user memory.
// A child of the current one, which ends when run() returns. Returns its id, or Error::no_memory.
[[nodiscard]] int32_t kernel_thread(void (*run)(void* context), void* context);

// Blocks until the child exits, frees it and returns its exit status; Error::no_process if it is no child.
[[nodiscard]] int32_t wait(int32_t child);

[[noreturn]] void exit_current(int32_t status);

// Null if there is none with this id, or only a zombie.
Process* find_process(int32_t id);

void for_each_process(void (*visit)(Process&, void* context), void* context);

// Frees the zombies whose parent ended before them.
void reap_orphans();

}  // namespace guest
