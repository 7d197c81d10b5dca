// SPDX-License-Identifier: LGPL-2.1-or-later
// Page faults that a twin may have, and the end of the run for all other exceptions.
#include "guest-kernel/arch/cr.hpp"
#include "guest-kernel/arch/idt.hpp"
#include "guest-kernel/arch/table_register.hpp"
#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/mm/require.hpp"
#include "tests/stale/access.hpp"
#include "tests/stale/traps.hpp"

extern "C" {
struct Fixup {
    uint32_t instruction, next;
};
extern const Fixup fixups_start[], fixups_end[];
extern char exception_stubs[], ring_3_return_stub[], return_at_once[];
}

namespace twins {
namespace {

constexpr unsigned stub_bytes = 16;
constexpr unsigned vectors = 0x32;  // the exceptions, those of devices that nobody has set, the way back, and one more
guest::Gate gates[vectors];
uint32_t fault_count = 0;

}  // namespace

uint32_t faults() { return fault_count; }

void load_traps() {
    for (unsigned v = 0; v < exceptions; ++v)
        gates[v] = guest::Gate::interrupt(reinterpret_cast<uint32_t>(exception_stubs) + v * stub_bytes, 0);
    gates[ring_3_return_vector] = guest::Gate::interrupt(reinterpret_cast<uint32_t>(ring_3_return_stub), 3);
    load_interrupt_table();
}

void set_interrupt(unsigned vector, const char* stub) {
    guest::require(vector < vectors, "an interrupt beyond the table");
    gates[vector] = guest::Gate::interrupt(reinterpret_cast<uint32_t>(stub), 0);
}

void load_interrupt_table() {
    const guest::TableRegister idtr{sizeof gates - 1, gates};
    asm volatile("lidt %0" : : "m"(idtr) : "memory");
}

extern "C" void handle_exception(Trap& t) {
    constexpr uint32_t general_protection = 13, page_fault = 14;
    const uint32_t address = guest::read_cr2();
    if (t.vector == page_fault || t.vector == general_protection) {
        ++fault_count;
        for (const Fixup* f = fixups_start; f != fixups_end; ++f)
            if (f->instruction == t.eip) return static_cast<void>(t.eip = f->next);
        if (t.vector == page_fault && address == t.eip) return static_cast<void>(t.eip = reinterpret_cast<uint32_t>(return_at_once));
    }
    guest::print("exception ", t.vector, ", error ", guest::Hex{t.error}, ", eip ", guest::Hex{t.eip}, ", cr2 ", guest::Hex{address}, "\n");
    end_run(1);
}

}  // namespace twins

// What require() of the guest kernel's code calls.
void guest::panic(const char* text) {
    print("panic: ", text, "\n");
    twins::end_run(1);
}
