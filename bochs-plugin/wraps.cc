// SPDX-License-Identifier: LGPL-2.1-or-later
// The functions of Bochs that the linker redirects here (--wrap), because no hook tells of what they do: every translation that Bochs'
// own TLBs do not serve, the start of task switches, writes to memory by devices, and the host's clock. wrap_symbols.h, made when Bochs is built, has their mangled names.
#include "bochs.h"
#include "cpu/cpu.h"
#include "memory/memory-bochs.h"

#include "gui/siminterface.h"
#include "param_names.h"
#include "pc_system.h"
#include "recording.h"
#include "wrap_symbols.h"

#if BX_SUPPORT_SMP
#error "a Bochs with several processors passes the CPU as a hidden argument: not supported yet, configure with --disable-smp"
#endif

bx_phy_address real_translate_linear(bx_TLB_entry* entry, bx_address linear, unsigned user, unsigned rw) asm("__real_" ZONESCOPE_TRANSLATE_LINEAR);
bx_phy_address wrap_translate_linear(bx_TLB_entry* entry, bx_address linear, unsigned user, unsigned rw) asm("__wrap_" ZONESCOPE_TRANSLATE_LINEAR);
Bit64u real_host_clock() asm("__real_" ZONESCOPE_HOST_CLOCK);
Bit64u wrap_host_clock() asm("__wrap_" ZONESCOPE_HOST_CLOCK);
void real_dma_write(bx_phy_address at, unsigned length, Bit8u* data) asm("__real_" ZONESCOPE_DMA_WRITE);
void wrap_dma_write(bx_phy_address at, unsigned length, Bit8u* data) asm("__wrap_" ZONESCOPE_DMA_WRITE);

void real_task_switch(bxInstruction_c* i, bx_selector_t* selector, bx_descriptor_t* descriptor, unsigned source, Bit32u dword1, Bit32u dword2, bool push_error,
                      Bit32u error_code) asm("__real_" ZONESCOPE_TASK_SWITCH);
void wrap_task_switch(bxInstruction_c* i, bx_selector_t* selector, bx_descriptor_t* descriptor, unsigned source, Bit32u dword1, Bit32u dword2, bool push_error,
                      Bit32u error_code) asm("__wrap_" ZONESCOPE_TASK_SWITCH);

namespace {

mm::AccessKind kind_of(unsigned rw) {
    if (rw == BX_EXECUTE) return mm::AccessKind::execute;
    return rw & 1 ? mm::AccessKind::write : mm::AccessKind::read;
}

// log2 of the size of the page whose offset bits are `mask`.
unsigned shift_of(uint32_t mask) { return 32 - static_cast<unsigned>(__builtin_clz(mask)); }

}  // namespace

// A page fault leaves the real function by longjmp(): bx_instr_exception() ends the translation then.
bx_phy_address wrap_translate_linear(bx_TLB_entry* entry, bx_address linear, unsigned user, unsigned rw) {
    using plugin::recording;
    if (!recording.on(0)) return real_translate_linear(entry, linear, user, rw);
    recording.state(0).begin_translation(mm::VirtAddr{static_cast<uint32_t>(linear)}, {kind_of(rw), user != 0});
    const bx_phy_address physical = real_translate_linear(entry, linear, user, rw);
    recording.state(0).end_translation(mm::frame_of(mm::PhysAddr{physical}), shift_of(entry->lpf_mask));
    return physical;
}

// The hook of a task switch comes when the instruction pointers are the new task's already.
void wrap_task_switch(bxInstruction_c* i, bx_selector_t* selector, bx_descriptor_t* descriptor, unsigned source, Bit32u dword1, Bit32u dword2, bool push_error,
                      Bit32u error_code) {
    if (plugin::recording.on(0)) plugin::recording.state(0).begin_task_switch(plugin::recording.position(0));
    real_task_switch(i, selector, descriptor, source, dword1, dword2, push_error, error_code);
}

// Devices write physical memory past every TLB, page tables included: counted, no lookups, but entries may change.
void wrap_dma_write(bx_phy_address at, unsigned length, Bit8u* data) {
    using plugin::recording;
    if (!recording.on(0)) return real_dma_write(at, length, data);
    recording.session->device_write(length);
    recording.state(0).begin_device_write(mm::PhysAddr{at}, length);
    real_dma_write(at, length, data);
    recording.state(0).end_device_write();
}

// Bochs' timers of the `realtime` kind fire by the host's clock even with `clock: sync=none`. No guest sees it, but each timer makes Bochs
// leave its chain of linked traces, and coming back it looks its instruction TLB up: some of the fills that are
// recorded would depend on the host. So a recording gives these timers the emulated time (doc/bochs-findings.md).
Bit64u wrap_host_clock() {
    if (!plugin::recording.session || SIM->get_param_enum(BXPN_CLOCK_SYNC)->get() != BX_CLOCK_SYNC_NONE) return real_host_clock();
    return bx_pc_system.time_usec();
}
