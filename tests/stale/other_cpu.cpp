// SPDX-License-Identifier: LGPL-2.1-or-later
// Starts the other processor through the local APIC (SDM vol. 3, 11.6), and talks with it through memory.
#include "tests/stale/other_cpu.hpp"

#include "guest-kernel/arch/table_register.hpp"
#include "tests/stale/machine.hpp"
#include "tests/stale/traps.hpp"

extern "C" char other_cpu_start[], other_cpu_gdtr[], other_cpu_end[], told_stub[];

namespace twins {
namespace {

constexpr mm::PhysAddr start_page{0x8000};  // of the code that the processor starts with: below 1 MiB, and nobody's
constexpr uint32_t other_apic_id = 1;
constexpr unsigned told_vector = 0x31;

// Registers, by offset (SDM vol. 3, table 11-1).
constexpr uint32_t end_of_interrupt = 0xB0, spurious_vector = 0xF0, command_low = 0x300, command_high = 0x310;
constexpr uint32_t apic_enabled = 1 << 8, fixed = 0x4000, init = 0x4500, start_up = 0x4600, pending = 1 << 12;

volatile uint32_t& apic(uint32_t offset) { return *reinterpret_cast<volatile uint32_t*>(local_apic.raw + offset); }

void send(uint32_t command) {
    apic(command_high) = other_apic_id << 24;
    apic(command_low) = command;
    while (apic(command_low) & pending) asm volatile("pause");
}

// One thing to do at a time: set by the first processor, cleared by the other when it is done.
using Function = void (*)();
Function volatile task = nullptr, told = nullptr;
volatile bool running = false;

void wait_until_done(Function volatile& what) {
    while (what) asm volatile("pause");
}

}  // namespace

// In 32-bit mode, paging off, on a stack of its own (other_cpu_start.S).
extern "C" [[noreturn]] void other_cpu_main() {
    load_interrupt_table();
    turn_paging_on();
    apic(spurious_vector) = apic_enabled | 0xFF;
    running = true;
    asm volatile("sti");
    for (;;) {
        if (const Function function = task) {
            function();
            task = nullptr;
        }
        asm volatile("pause");
    }
}

extern "C" void handle_told() {
    told();
    apic(end_of_interrupt) = 0;
    told = nullptr;
}

void start_other_cpu() {
    set_interrupt(told_vector, told_stub);
    char* const code = reinterpret_cast<char*>(start_page.raw);
    __builtin_memcpy(code, other_cpu_start, static_cast<uint32_t>(other_cpu_end - other_cpu_start));
    asm volatile("sgdt %0" : "=m"(*reinterpret_cast<guest::TableRegister*>(code + (other_cpu_gdtr - other_cpu_start))));
    apic(spurious_vector) = apic_enabled | 0xFF;
    send(init);
    let_other_cpu_run();
    send(start_up | static_cast<uint32_t>(start_page.raw >> mm::page_shift));
    let_other_cpu_run();
    if (!running) send(start_up | static_cast<uint32_t>(start_page.raw >> mm::page_shift));
    while (!running) asm volatile("pause");
}

// After INIT 10 ms are due by the book, of which no emulator needs a part.
void let_other_cpu_run() {
    for (int n = 0; n < 1000; ++n) asm volatile("pause");
}

void begin_on_other_cpu(void (*function)()) { task = function; }
void await_other_cpu() { wait_until_done(task); }
void on_other_cpu(void (*function)()) {
    begin_on_other_cpu(function);
    await_other_cpu();
}

void interrupt_other_cpu(void (*function)()) {
    told = function;
    send(fixed | told_vector);
    wait_until_done(told);
}

}  // namespace twins
