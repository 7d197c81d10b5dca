// SPDX-License-Identifier: LGPL-2.1-or-later
// The functions of Bochs that the linker redirects here (--wrap), because no hook tells of what they do, as far as they are no CPU's: writes to
// memory by devices, and the host's clock. wrap_symbols.h, made when Bochs is built, has their mangled names.
#include "bochs.h"
#include "cpu/cpu.h"
#include "memory/memory-bochs.h"

#include "gui/siminterface.h"
#include "param_names.h"
#include "pc_system.h"
#include "recording.h"
#include "wrap_symbols.h"

Bit64u real_host_clock() asm("__real_" ZONESCOPE_HOST_CLOCK);
Bit64u wrap_host_clock() asm("__wrap_" ZONESCOPE_HOST_CLOCK);
void real_dma_write(bx_phy_address at, unsigned length, Bit8u* data) asm("__real_" ZONESCOPE_DMA_WRITE);
void wrap_dma_write(bx_phy_address at, unsigned length, Bit8u* data) asm("__wrap_" ZONESCOPE_DMA_WRITE);

// Devices write physical memory past every TLB, page tables included: counted, no lookups, but entries may change. A timer's write comes when
// all CPUs have had their turn, before that of the first.
void wrap_dma_write(bx_phy_address at, unsigned length, Bit8u* data) {
    using plugin::recording;
    const unsigned cpu = bx_pc_system.triggeredTimerID() == 0 ? plugin::executing_cpu : 0;
    if (!recording.on(cpu)) return real_dma_write(at, length, data);
    recording.session->device_write(length);
    recording.state(cpu).begin_device_write(mm::PhysAddr{at}, length);
    real_dma_write(at, length, data);
    recording.state(cpu).end_device_write();
}

// Bochs' timers of the `realtime` kind fire by the host's clock even with `clock: sync=none`. No guest sees it, but each timer makes Bochs
// leave its chain of linked traces, and coming back it looks its instruction TLB up: some of the fills that are
// recorded would depend on the host. So a recording gives these timers the emulated time (doc/bochs-findings.md).
Bit64u wrap_host_clock() {
    if (!plugin::recording.session || SIM->get_param_enum(BXPN_CLOCK_SYNC)->get() != BX_CLOCK_SYNC_NONE) return real_host_clock();
    return bx_pc_system.time_usec();
}
