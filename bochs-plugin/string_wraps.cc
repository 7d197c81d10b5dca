// SPDX-License-Identifier: LGPL-2.1-or-later
// Bochs' fast REP routines (faststring.cc, io.cc) call no hook. Each begins with a look into Bochs' own TLB for a page's place in the
// host's memory, through two functions that the linker redirects here (--wrap); without that place Bochs executes the iterations one
// by one. While something is recorded, only the routines that are redirected here too get it: REP MOVS and REP STOSB of 32-bit code.
#include "bochs.h"
#include "cpu/cpu.h"

#include "recording.h"
#include "string_chunk.h"
#include "wrap_symbols.h"

Bit8u* real_host_read(bx_address linear, bool user) asm("__real_" ZONESCOPE_HOST_READ);
Bit8u* wrap_host_read(bx_address linear, bool user) asm("__wrap_" ZONESCOPE_HOST_READ);
Bit8u* real_host_write(bx_address linear, bool user) asm("__real_" ZONESCOPE_HOST_WRITE);
Bit8u* wrap_host_write(bx_address linear, bool user) asm("__wrap_" ZONESCOPE_HOST_WRITE);
Bit32u real_move_string(unsigned source_segment, Bit32u source, unsigned target_segment, Bit32u target, Bit32u bytes, Bit32u granularity) asm("__real_" ZONESCOPE_MOVE_STRING);
Bit32u wrap_move_string(unsigned source_segment, Bit32u source, unsigned target_segment, Bit32u target, Bit32u bytes, Bit32u granularity) asm("__wrap_" ZONESCOPE_MOVE_STRING);
Bit32u real_store_string(unsigned segment, Bit32u offset, Bit8u value, Bit32u bytes) asm("__real_" ZONESCOPE_STORE_STRING);
Bit32u wrap_store_string(unsigned segment, Bit32u offset, Bit8u value, Bit32u bytes) asm("__wrap_" ZONESCOPE_STORE_STRING);

namespace {

using plugin::recording;

plugin::StringChunk chunk;

// Before a recording starts its instructions are counted as later.
bool vetoed(bx_address linear, bool store) {
    if (!recording.on(0)) return recording.alive() && !chunk.running;
    return !plugin::may_access(chunk, plugin::fast_path[0], static_cast<uint32_t>(linear) >> 12, store);
}

// Runs the routine, which returns how many bytes it did, and counts what it did as the hooks would have. Bochs itself adds the
// iterations to its ticks, but to its instructions only one for all; the recording counts each, as without the routines.
template <class Routine>
Bit32u counted(Routine routine, Bit32u granularity) {
    if (!recording.alive()) return routine();
    chunk = {};
    chunk.running = true;
    const Bit32u bytes = routine(), iterations = bytes / granularity;
    chunk.running = false;
    plugin::count_iterations(chunk, plugin::fast_path[0], iterations);
    if (iterations > 1) {
        BX_CPU(0)->icount += iterations - 1;
        BX_CPU(0)->icount_last_sync += iterations - 1;
    }
    return bytes;
}

}  // namespace

Bit8u* wrap_host_read(bx_address linear, bool user) { return vetoed(linear, false) ? nullptr : real_host_read(linear, user); }
Bit8u* wrap_host_write(bx_address linear, bool user) { return vetoed(linear, true) ? nullptr : real_host_write(linear, user); }

Bit32u wrap_move_string(unsigned source_segment, Bit32u source, unsigned target_segment, Bit32u target, Bit32u bytes, Bit32u granularity) {
    return counted([=] { return real_move_string(source_segment, source, target_segment, target, bytes, granularity); }, granularity);
}
Bit32u wrap_store_string(unsigned segment, Bit32u offset, Bit8u value, Bit32u bytes) {
    return counted([=] { return real_store_string(segment, offset, value, bytes); }, 1);
}
