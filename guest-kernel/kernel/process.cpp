// SPDX-License-Identifier: LGPL-2.1-or-later
// Birth, death and waiting.
#include "guest-kernel/kernel/process.hpp"

#include "guest-kernel/arch/crossing.hpp"
#include "guest-kernel/arch/gdt.hpp"
#include "guest-kernel/kernel/ipc.hpp"
#include "guest-kernel/kernel/late.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/program.hpp"
#include "guest-kernel/kernel/scheduler.hpp"
#include "guest-kernel/kernel/trap_frame.hpp"

extern "C" char boot_stack[], trap_return[];

namespace guest {
namespace {

constexpr unsigned stack_order = 1;
constexpr uint32_t interrupts_on = 0x202;  // EFLAGS: IF, and bit 1, which is always set

Process* table[max_processes];

int32_t error(Error e) { return static_cast<int32_t>(e); }

int32_t free_id() {
    for (int32_t id = 1; id < max_processes; ++id)
        if (!table[id]) return id;
    return 0;
}

// What switch_stack pops before it returns into trap_return.
struct SwitchFrame {
    uint32_t edi, esi, ebx, ebp, eip;
};

void prepare_stack(Process& p, uint32_t main, uint32_t argument) {
    auto* const frame = reinterpret_cast<TrapFrame*>(p.stack_top()) - 1;
    *frame = {};
    const auto user_data = static_cast<uint32_t>(Selector::user_data);
    frame->es = frame->ds = frame->ss = user_data;
    frame->cs = static_cast<uint32_t>(Selector::user_code);
    frame->eflags = interrupts_on;
    frame->eip = program_start();
    frame->esp = program_stack_top();
    frame->edx = main;
    frame->eax = argument;
    auto* const start = reinterpret_cast<SwitchFrame*>(frame) - 1;
    *start = {0, 0, 0, 0, reinterpret_cast<uint32_t>(trap_return)};
    p.saved_stack = reinterpret_cast<uint32_t>(start);
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

void free_stack(Process& p) { zones().free(mm::frame_of(physical(&p)), stack_order); }

// A child of the current process, on a stack of its own; null if there is no memory or no id for it.
Process* new_process() {
    const int32_t id = free_id();
    if (id == 0) return nullptr;
    const Allocation stack = zones().allocate(gfp_kernel, stack_order);
    if (!stack) return nullptr;
    auto* const p = new (lowmem_pointer<char>(mm::address(stack.first))) Process;
    p->id = id;
    p->parent = &current();
    return p;
}

int32_t start(Process& p) {
    table[p.id] = &p;
    make_ready(p);
    return p.id;
}

// Children outlive their parent as the boot process's; nobody waits for them, so their ends are cleaned up by reap().
void disown_children(const Process& parent) {
    for (Process* p : table)
        if (p && p->parent == &parent) p->parent = table[0];
}

int32_t reap(Process& zombie) {
    const int32_t status = zombie.exit_status;
    table[zombie.id] = nullptr;
    free_stack(zombie);
    return status;
}

}  // namespace

void start_processes() { table[0] = new (boot_stack) Process; }

int32_t spawn(const char* program, uint32_t argument) {
    const ProgramEntry* const entry = find_program(program);
    if (!entry) return error(Error::no_program);
    Process* const p = new_process();
    if (!p) return error(Error::no_memory);
    if (!p->space.create()) return free_stack(*p), error(Error::no_memory);
    if (!load_programs(*p->space)) return p->space.drop(), free_stack(*p), error(Error::no_memory);
    prepare_stack(*p, entry->main, argument);
    return start(*p);
}

int32_t kernel_thread(void (*run)(void* context), void* context) {
    Process* const p = new_process();
    if (!p) return error(Error::no_memory);
    prepare_kernel_stack(*p, run, context);
    return start(*p);
}

int32_t wait(int32_t child) {
    Process& me = current();
    if (child <= 0 || child >= max_processes || !table[child] || table[child]->parent != &me) return error(Error::no_process);
    Process& p = *table[child];
    while (p.state != State::zombie) {
        me.state = State::waiting;
        schedule();
    }
    return reap(p);
}

// The kernel stack is in use until the switch away, so the parent frees it.
void exit_current(int32_t status) {
    Process& me = current();
    abandon_calls(me);
    disown_children(me);
    if (me.space) set_user_tables(kernel_tables().cr3());
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

Process* find_process(int32_t id) {
    if (id <= 0 || id >= max_processes || !table[id] || table[id]->state == State::zombie) return nullptr;
    return table[id];
}

void for_each_process(void (*visit)(Process&, void*), void* context) {
    for (Process* p : table)
        if (p) visit(*p, context);
}

void reap_orphans() {
    for (Process* p : table)
        if (p && p->parent == table[0] && p->state == State::zombie) reap(*p);
}

}  // namespace guest
