// SPDX-License-Identifier: LGPL-2.1-or-later
// What the wrapped functions of Bochs' CPU do, however Bochs calls them: `real` calls the function itself, for the CPU of that number.
// one_cpu_wraps.cc and several_cpus_wraps.cc have the functions that the linker redirects.
#pragma once

#include "bochs.h"
#include "cpu/cpu.h"

#include "recording.h"
#include "string_chunk.h"

namespace plugin {

inline mm::AccessKind kind_of_translation(unsigned rw) {
    if (rw == BX_EXECUTE) return mm::AccessKind::execute;
    return rw & 1 ? mm::AccessKind::write : mm::AccessKind::read;
}

// log2 of the size of the page whose offset bits are `mask`.
inline unsigned shift_of(uint32_t mask) { return 32 - static_cast<unsigned>(__builtin_clz(mask)); }

// A page fault leaves the real function by longjmp(): bx_instr_exception() ends the translation then.
template <class Real>
bx_phy_address translate(unsigned cpu, const bx_TLB_entry* entry, bx_address linear, unsigned user, unsigned rw, Real real) {
    executing_cpu = cpu;  // a turn may begin with a fetch
    if (!recording.on(cpu)) return real();
    recording.state(cpu).begin_translation(uint64_t{linear}, {kind_of_translation(rw), user != 0});
    const bx_phy_address physical = real();
    recording.state(cpu).end_translation(mm::frame_of(mm::PhysAddr{physical}), shift_of(entry->lpf_mask));
    return physical;
}

// The hook of a task switch comes when the instruction pointers are the new task's already.
template <class Real>
void switch_task(unsigned cpu, Real real) {
    if (recording.on(cpu)) recording.state(cpu).begin_task_switch(recording.position(cpu));
    real();
}

// --- fast REP routines

inline StringChunk string_chunk;  // CPUs run one at a time

template <class Real>
Bit8u* find_in_host(unsigned cpu, bx_address linear, bool store, Real real) {
    const bool vetoed = recording.on(cpu) ? !may_access(string_chunk, fast_path[cpu], static_cast<uint32_t>(linear) >> 12, store)
                                          : recording.alive() && !string_chunk.running;  // before a recording starts
    return vetoed ? nullptr : real();
}

// Runs the routine, which returns how many bytes it did, and counts what it did as the hooks would have. Bochs itself adds the
// iterations to its ticks, but to its instructions only one for all; the recording counts each, as without the routines. With several CPUs
// it adds as many ticks as if each had executed so much. Without the routines it does not, so they are not used: which pages the
// models serve must not be felt by the guest.
template <class Routine>
Bit32u repeat(unsigned cpu, Bit32u granularity, Routine routine) {
    if (!recording.alive() || recording.machines.size() > 1) return routine();
    string_chunk = {};
    string_chunk.running = true;
    const Bit32u bytes = routine(), iterations = bytes / granularity;
    string_chunk.running = false;
    count_iterations(string_chunk, fast_path[cpu], iterations);
    if (iterations > 1) {
        BX_CPU(cpu)->icount += iterations - 1;
        BX_CPU(cpu)->icount_last_sync += iterations - 1;
    }
    return bytes;
}

}  // namespace plugin
