// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads Bochs' state, and nothing else: no call here changes what the guest can see.
#include "bochs.h"
#include "cpu/cpu.h"
#include "cpu/apic.h"
#include "memory/memory-bochs.h"
#include "pc_system.h"

#include "bochs_machine.h"

namespace plugin {

// Bochs brings its clock up to date at the end of a trace of instructions only; in its debugger, after each instruction.
uint64_t BochsMachine::ticks() const {
    const BX_CPU_C& cpu = *BX_CPU(cpu_);
    const bool behind = BX_SMP_PROCESSORS == 1 && !bx_dbg.debugger_active;
    return bx_pc_system.time_ticks() + (behind ? cpu.icount - cpu.icount_last_sync : 0);
}

uint64_t BochsMachine::instructions() const { return BX_CPU(cpu_)->icount; }

uint64_t BochsMachine::load(mm::PhysAddr at, unsigned bytes) const {
    // The local APIC answers before memory does, which would give ones here.
    if (mm::address(mm::frame_of(at)).raw == BX_CPU(cpu_)->lapic->get_base()) return 0;
    const Bit8u* const host = BX_MEM(0)->getHostMemAddr(nullptr, at.raw, BX_READ);
    if (!host) return 0;
    uint64_t value = 0;
    memcpy(&value, host, bytes);
    return value;
}

mm::Pfn BochsMachine::fetch_frame(mm::Vpn page) const {
    const bx_address linear = mm::address(page).raw;
    const bx_TLB_entry& entry = *BX_CPU(cpu_)->ITLB.get_entry_of(linear);
    return LPFOf(entry.lpf) == linear ? mm::frame_of(mm::PhysAddr{entry.ppf}) : unknown_frame;
}

Position BochsMachine::position() const {
    BX_CPU_C& cpu = *BX_CPU(cpu_);
    return {cpu.get_eip(), static_cast<uint32_t>(cpu.prev_rip), static_cast<uint32_t>(cpu.sregs[BX_SEG_REG_CS].cache.u.segment.base),
            cpu.sregs[BX_SEG_REG_CS].selector.rpl == 3};
}

// physical_bits is the width that Bochs' own walk checks, whatever the CPU model's CPUID says.
mm::trace::State BochsMachine::state() const {
    BX_CPU_C& cpu = *BX_CPU(cpu_);
    mm::trace::State s;
    s.control = {cpu.cr0.get32(), static_cast<uint32_t>(cpu.cr3), cpu.cr4.get32(), cpu.efer.get32(), BX_PHY_ADDRESS_WIDTH};
    for (unsigned i = 0; i < 4; ++i) s.pdpte[i] = cpu.PDPTR_CACHE.entry[i];
    return s;
}

mm::VirtAddr BochsMachine::cr2() const { return mm::VirtAddr{static_cast<uint32_t>(BX_CPU(cpu_)->cr2)}; }

}  // namespace plugin
