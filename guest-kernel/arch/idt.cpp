// SPDX-License-Identifier: LGPL-2.1-or-later
// Fills and loads the interrupt table; the code behind the gates is entry.S.
#include "guest-kernel/arch/idt.hpp"

#include "guest-kernel/abi.hpp"
#include "guest-kernel/arch/table_register.hpp"

extern "C" char trap_stubs[], system_call_stub[], debug_stub[];

namespace guest {
namespace {

constexpr unsigned stub_count = 48, stub_bytes = 16;
constexpr unsigned debug_vector = 1;

[[gnu::section(".trampoline.data")]] Gate gates[256] = {};

}  // namespace

void load_interrupt_table() {
    for (unsigned vector = 0; vector < stub_count; ++vector)
        gates[vector] = Gate::interrupt(reinterpret_cast<uint32_t>(trap_stubs) + vector * stub_bytes, 0);
    gates[debug_vector] = Gate::interrupt(reinterpret_cast<uint32_t>(debug_stub), 0);
    gates[call_vector] = Gate::interrupt(reinterpret_cast<uint32_t>(system_call_stub), 3);

    const TableRegister idtr{sizeof gates - 1, gates};
    asm volatile("lidt %0" : : "m"(idtr) : "memory");
}

}  // namespace guest
