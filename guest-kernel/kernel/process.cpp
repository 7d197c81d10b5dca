// SPDX-License-Identifier: LGPL-2.1-or-later
// Birth, death and waiting.
#include "guest-kernel/kernel/process.hpp"

#include "guest-kernel/arch/crossing.hpp"
#include "guest-kernel/arch/gdt.hpp"
#include "guest-kernel/kernel/io/async_read.hpp"
#include "guest-kernel/kernel/ipc.hpp"
#include "guest-kernel/kernel/late.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/program.hpp"
#include "guest-kernel/kernel/scheduler.hpp"
#include "guest-kernel/kernel/trap_frame.hpp"

extern "C" char trap_return[];

namespace guest {
namespace {

constexpr uint32_t interrupts_on = 0x202;  // EFLAGS: IF, and bit 1, which is always set

Process* first_process = nullptr;

int32_t error(Error e) { return static_cast<int32_t>(e); }

// What switch_stack pops before it returns into trap_return.
struct SwitchFrame {
    uint32_t edi, esi, ebx, ebp, eip;
};

// The registers with which ring 3 begins.
struct Entry {
    uint32_t eip, esp, eax, edx;
};

void enter_at(TrapFrame& f, const Entry& entry) {
    f = {};
    f.es = f.ds = f.ss = static_cast<uint32_t>(Selector::user_data);
    f.cs = static_cast<uint32_t>(Selector::user_code);
    f.eflags = interrupts_on;
    f.eip = entry.eip;
    f.esp = entry.esp;
    f.edx = entry.edx;
    f.eax = entry.eax;
}

// The trap frame with which a new process enters ring 3.
TrapFrame& first_frame(Process& p) {
    auto* const frame = reinterpret_cast<TrapFrame*>(p.stack_top()) - 1;
    auto* const start = reinterpret_cast<SwitchFrame*>(frame) - 1;
    *start = {0, 0, 0, 0, reinterpret_cast<uint32_t>(trap_return)};
    p.saved_stack = reinterpret_cast<uint32_t>(start);
    return *frame;
}

[[noreturn]] void kernel_thread_start(void (*run)(void*), void* context) {
    run(context);
    exit_current(0);
}

// As if somebody had called kernel_thread_start and then switched away; it never returns to its caller, 0.
void prepare_kernel_stack(Process& p, void (*run)(void*), void* context) {
    struct Call {
        SwitchFrame start;
        uint32_t caller;
        void (*run)(void*);
        void* context;
    };
    auto* const call = reinterpret_cast<Call*>(p.stack_top()) - 1;
    *call = {{0, 0, 0, 0, reinterpret_cast<uint32_t>(kernel_thread_start)}, 0, run, context};
    p.saved_stack = reinterpret_cast<uint32_t>(call);
}

void adopt(Process& parent, Process& child) {
    child.parent = &parent;
    child.younger_sibling = nullptr;
    child.older_sibling = parent.first_child;
    if (parent.first_child) parent.first_child->younger_sibling = &child;
    parent.first_child = &child;
}

void leave_parent(Process& child) {
    if (child.younger_sibling) child.younger_sibling->older_sibling = child.older_sibling;
    else child.parent->first_child = child.older_sibling;
    if (child.older_sibling) child.older_sibling->younger_sibling = child.younger_sibling;
}

// A child of the current process, on a stack of its own; null if there is no memory for it.
Process* new_process() {
    void* const stack = allocate_stack();
    if (!stack) return nullptr;
    auto* const p = new (stack) Process;
    p->state = State::newborn;  // allocations may sleep, and others look for it meanwhile
    if (!processes.add(*p)) return free_stack(stack), nullptr;
    adopt(current(), *p);
    return p;
}

// What is left of a process whose address space is gone.
void free_process(Process& p) {
    leave_parent(p);
    processes.remove(p);
    free_stack(&p);
}

int32_t start(Process& p) {
    p.state = State::ready;
    make_ready(p);
    return p.id;
}

// Children outlive their parent as the boot process's; nobody waits for them: reap_orphans() cleans up after them.
void disown_children(Process& parent) {
    while (Process* const child = parent.first_child) {
        leave_parent(*child);
        adopt(*first_process, *child);
    }
}

int32_t reap(Process& zombie) {
    const int32_t status = zombie.exit_status;
    free_process(zombie);
    return status;
}

}  // namespace

void start_processes() { first_process = new (reinterpret_cast<void*>(stack_in_use())) Process; }

Process& boot_process() { return *first_process; }

int32_t spawn(const char* program, uint32_t argument) {
    Process* const p = new_process();
    if (!p) return error(Error::no_memory);
    if (!p->space.create()) return free_process(*p), error(Error::no_memory);
    uint32_t entry;
    const int32_t status = load_program(*p->space, program, entry);
    if (status != 0) return p->space.drop(), free_process(*p), status;
    enter_at(first_frame(*p), {entry, program_stack_top(), argument, 0});
    return start(*p);
}

int32_t spawn_thread(uint32_t entry, uint32_t argument, uint32_t stack) {
    Process* const p = new_process();
    if (!p) return error(Error::no_memory);
    p->space.share(current().space);
    enter_at(first_frame(*p), {entry, stack, argument, 0});
    return start(*p);
}

int32_t fork(const TrapFrame& f) {
    Process* const p = new_process();
    if (!p) return error(Error::no_memory);
    if (!p->space.fork(current().space)) return free_process(*p), error(Error::no_memory);
    TrapFrame& frame = first_frame(*p);
    frame = f;
    frame.eax = 0;
    return start(*p);
}

int32_t exec(TrapFrame& f, const char* program, uint32_t argument) {
    SpaceOwner next;
    if (!next.create()) return error(Error::no_memory);
    uint32_t entry;
    const int32_t status = load_program(*next, program, entry);
    if (status != 0) return next.drop(), status;
    set_user_tables(next->cr3());
    current().space.take(next);
    if (current().killed) exit_current(killed_by_request);  // the new frame would save it
    enter_at(f, {entry, program_stack_top(), argument, 0});
    return static_cast<int32_t>(argument);
}

int32_t kernel_thread(void (*run)(void* context), void* context) {
    Process* const p = new_process();
    if (!p) return error(Error::no_memory);
    prepare_kernel_stack(*p, run, context);
    return start(*p);
}

int32_t wait(int32_t child) {
    Process& me = current();
    Process* const found = processes.at(static_cast<uint32_t>(child));
    if (!found || found->parent != &me) return error(Error::no_process);
    Process& p = *found;
    while (p.state != State::zombie) {
        me.state = State::waiting;
        schedule();
        if (me.killed) return error(Error::interrupted);
    }
    return reap(p);
}

// The kernel stack is in use until the switch away, so the parent frees it.
void exit_current(int32_t status) {
    Process& me = current();
    abandon_calls(me);
    abandon_reads(me);
    disown_children(me);
    if (me.space && flushes(FlushSite::exit)) set_user_tables(kernel_tables().cr3());
    me.space.drop();
    me.exit_status = status;
    me.state = State::zombie;
    if (me.parent->state == State::waiting) {
        me.parent->state = State::ready;
        make_ready(*me.parent);
    }
    schedule();
    panic("a zombie ran");
}

void reap_orphans() {
    for (Process* p = first_process->first_child; p;) {
        Process& here = *p;
        p = p->older_sibling;
        if (here.state == State::zombie) reap(here);
    }
}

}  // namespace guest
