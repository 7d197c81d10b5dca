// SPDX-License-Identifier: LGPL-2.1-or-later
// Names the wrapped Bochs functions, so that the symbols the linker must wrap can be read from this file's object.
#include "bochs.h"
#include "cpu/cpu.h"
#include "cpu/apic.h"
#include "memory/memory-bochs.h"

#include <type_traits>

namespace {

// A function of the CPU: static in a Bochs with one.
template <class Result, class... Arguments>
using CpuFunction = std::conditional_t<BX_USE_CPU_SMF, Result (*)(Arguments...), Result (BX_CPU_C::*)(Arguments...)>;

// A function of the memory, of a base class and not for everybody.
struct ReadBlock : BX_MEMORY_STUB_C {
    static void (*address())(Bit32u) { return &read_block; }
};

}  // namespace

extern "C" void bx_add_lex_input(char* line);  // of the debugger's parser, in a Bochs that has it
void CloseDialog();                              // of the debugger's windows

extern decltype(&BX_CPU_C::translate_linear) const zonescope_probe_translate = &BX_CPU_C::translate_linear;
extern decltype(&BX_MEM_C::dmaWritePhysicalPage) const zonescope_probe_dma_write = &BX_MEM_C::dmaWritePhysicalPage;
extern decltype(&BX_CPU_C::task_switch) const zonescope_probe_task_switch = &BX_CPU_C::task_switch;
extern Bit64u (*const zonescope_probe_host_clock)() = &bx_get_realtime64_usec;
extern decltype(&BX_CPU_C::v2h_read_byte) const zonescope_probe_host_read = &BX_CPU_C::v2h_read_byte;
extern decltype(&BX_CPU_C::v2h_write_byte) const zonescope_probe_host_write = &BX_CPU_C::v2h_write_byte;
// The forms for segments and offsets, which 32-bit code uses; not those for 64-bit linear addresses.
extern const CpuFunction<Bit32u, unsigned, Bit32u, unsigned, Bit32u, Bit32u, Bit32u> zonescope_probe_move_string = &BX_CPU_C::FastRepMOVSB;
extern const CpuFunction<Bit32u, unsigned, Bit32u, Bit8u, Bit32u> zonescope_probe_store_string = &BX_CPU_C::FastRepSTOSB;
extern void (*(*const zonescope_probe_read_block)())(Bit32u) = &ReadBlock::address;
extern decltype(&BX_MEM_C::readPhysicalPage) const zonescope_probe_memory_read = &BX_MEM_C::readPhysicalPage;
extern decltype(&bx_local_apic_c::read) const zonescope_probe_apic_read = &bx_local_apic_c::read;
extern decltype(&logfunctions::panic) const zonescope_probe_panic = &logfunctions::panic;
extern decltype(&logfunctions::fatal1) const zonescope_probe_fatal = &logfunctions::fatal1;
extern int (*const zonescope_probe_at_exit)() = &bx_atexit;
extern void (*const zonescope_probe_lex_input)(char*) = &bx_add_lex_input;
extern void (*const zonescope_probe_close_dialog)() = &CloseDialog;
