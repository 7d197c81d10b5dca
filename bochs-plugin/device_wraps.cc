// SPDX-License-Identifier: LGPL-2.1-or-later
// Functions of Bochs that the linker redirects here (--wrap), for guests whose page tables are no memory: what a walk reads from a
// device is noted, because a second look might find something else; and what would make Bochs give up is left out, or at least said.
#include "bochs.h"
#include "cpu/cpu.h"
#include "cpu/apic.h"
#include "memory/memory-bochs.h"

#include <stdarg.h>

#include "debugger.h"
#include "recording.h"
#include "wrap_symbols.h"

void real_memory_read(BX_CPU_C* cpu, bx_phy_address at, unsigned length, void* data) asm("__real_" ZONESCOPE_MEMORY_READ);
void wrap_memory_read(BX_CPU_C* cpu, bx_phy_address at, unsigned length, void* data) asm("__wrap_" ZONESCOPE_MEMORY_READ);

// Member functions: the object comes first.
void real_apic_read(bx_local_apic_c* apic, bx_phy_address at, void* data, unsigned length) asm("__real_" ZONESCOPE_APIC_READ);
void wrap_apic_read(bx_local_apic_c* apic, bx_phy_address at, void* data, unsigned length) asm("__wrap_" ZONESCOPE_APIC_READ);
void real_panic(logfunctions* log, const char* format, ...) asm("__real_" ZONESCOPE_PANIC);
void wrap_panic(logfunctions* log, const char* format, ...) asm("__wrap_" ZONESCOPE_PANIC);
void real_fatal(logfunctions* log, const char* format, ...) asm("__real_" ZONESCOPE_FATAL);
void wrap_fatal(logfunctions* log, const char* format, ...) asm("__wrap_" ZONESCOPE_FATAL);

namespace {

using plugin::executing_cpu;
using plugin::recording;

constexpr unsigned apic_register_bytes = 4;  // SDM vol. 3, 11.4.1: no other access is defined

bool walking() { return recording.on(executing_cpu) && recording.state(executing_cpu).translating(); }

void note(bx_phy_address at, unsigned length, const void* data) {
    uint64_t value = 0;
    memcpy(&value, data, length < sizeof value ? length : sizeof value);
    recording.machines[executing_cpu]->note_walk_read(mm::PhysAddr{at}, value);
}

}  // namespace

// What a device leaves undefined is 0, so that two recordings are the same.
void wrap_memory_read(BX_CPU_C* cpu, bx_phy_address at, unsigned length, void* data) {
    if (!cpu || !walking()) return real_memory_read(cpu, at, length, data);
    memset(data, 0, length);
    real_memory_read(cpu, at, length, data);
    note(at, length, data);
}

// Of PAE an entry has 8 bytes, for which the APIC has no answer: it gets two registers.
void wrap_apic_read(bx_local_apic_c* apic, bx_phy_address at, void* data, unsigned length) {
    if (!walking()) return real_apic_read(apic, at, data, length);
    for (unsigned done = 0; done < length; done += apic_register_bytes)
        real_apic_read(apic, at + done, static_cast<Bit8u*>(data) + done, apic_register_bytes);
    note(at, length, data);
}

// Bochs cannot emulate what the guest did, as the fetch of instructions from a device: with `panic: action=fatal` it ends here. A device
// that a walk reads or writes in a way that it has no answer for goes on: its devices are written so that they can.
void wrap_panic(logfunctions* log, const char* format, ...) {
    if (walking()) {
        const uint64_t now = recording.machines[executing_cpu]->ticks();
        return recording.state(executing_cpu).oddities().note(plugin::Oddity::device_refused, now, plugin::no_address, plugin::no_address);
    }
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (recording.session && log->getonoff(LOGLEV_PANIC) == ACT_FATAL) recording.session->give_up(text);
    plugin::stop_in_debugger(text);
    real_panic(log, "%s", text);
}

// A window of Bochs that is closed ends it as an error does (gui/sdl2.cc): the user wanted it.
void wrap_fatal(logfunctions* log, const char* format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (recording.session && strcmp(text, "User requested shutdown.") == 0) recording.session->end(plugin::EndReason::interrupted, "the guest's window was closed");
    real_fatal(log, "%s", text);
}
