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

mm::VirtAddr BochsMachine::running() const {
    const Position at = position();
    return mm::VirtAddr{at.base + at.previous};
}

namespace {

// Physical memory that the CPU reads as it is: nullptr where a device answers. The local APIC answers before memory does.
const Bit8u* host_memory(const BX_CPU_C& cpu, mm::PhysAddr at) {
    if (mm::address(mm::frame_of(at)).raw == cpu.lapic->get_base()) return nullptr;
    return BX_MEM(0)->getHostMemAddr(nullptr, at.raw, BX_READ);
}

}  // namespace

uint64_t BochsMachine::load(mm::PhysAddr at, unsigned bytes) const {
    const Bit8u* const host = host_memory(*BX_CPU(cpu_), at);
    if (!host) {
        const auto said = device_said_.find(at.raw);
        return said == device_said_.end() ? 0 : said->second;
    }
    uint64_t value = 0;
    memcpy(&value, host, bytes);
    return value;
}

void BochsMachine::note_walk_read(mm::PhysAddr at, uint64_t value) {
    if (host_memory(*BX_CPU(cpu_), at)) return;
    if (device_said_.size() == most_device_entries) device_said_.clear();
    device_said_[at.raw] = value;
}

// Where nothing answers Bochs reads from a page of its own, which the highest address leads to.
MemoryKind BochsMachine::kind(mm::PhysAddr at) const {
    const Bit8u* const host = host_memory(*BX_CPU(cpu_), at);
    if (!host) return MemoryKind::device;
    constexpr uint64_t highest_page = BX_PHY_ADDRESS_MASK & ~uint64_t{mm::page_mask};
    if (host == BX_MEM(0)->getHostMemAddr(nullptr, highest_page, BX_READ) + mm::offset_in_page(at)) return MemoryKind::nothing;
    return BX_MEM(0)->getHostMemAddr(nullptr, at.raw, BX_WRITE) ? MemoryKind::ram : MemoryKind::rom;
}

mm::Pfn BochsMachine::on_bus(mm::Pfn frame) const { return mm::frame_of(mm::PhysAddr{A20ADDR(mm::address(frame).raw)}); }

bool BochsMachine::accepts_efer(uint64_t value) const {
    BX_CPU_C& cpu = *BX_CPU(cpu_);
    const bool changes_lme = ((value ^ cpu.efer.get32()) & mm::efer_lme) != 0;
    return (value & ~uint64_t{cpu.efer_suppmask}) == 0 && !(changes_lme && cpu.cr0.get_PG());
}

mm::Pfn BochsMachine::fetch_frame(mm::Vpn page) const {
    const bx_address linear = mm::address(page).raw;
    const bx_TLB_entry& entry = *BX_CPU(cpu_)->ITLB.get_entry_of(linear);
    return LPFOf(entry.lpf) == linear ? mm::frame_of(mm::PhysAddr{entry.ppf}) : unknown_frame;
}

// With several CPUs Bochs' prev_rip stays at the instruction that an exception ended until the handler's first is completed.
void BochsMachine::starts() {
    start_ip_ = BX_CPU(cpu_)->get_eip();
    before_start_ = instructions();
}

Position BochsMachine::position() const {
    BX_CPU_C& cpu = *BX_CPU(cpu_);
    const uint64_t previous = instructions() == before_start_ ? start_ip_ : cpu.prev_rip;
    return {cpu.get_eip(), static_cast<uint32_t>(previous), static_cast<uint32_t>(cpu.sregs[BX_SEG_REG_CS].cache.u.segment.base),
            cpu.sregs[BX_SEG_REG_CS].selector.rpl == 3, cpu.get_AC() != 0, static_cast<uint32_t>(previous >> 32)};
}

// physical_bits is the width that Bochs' own walk checks, whatever the CPU model's CPUID says.
mm::trace::State BochsMachine::state() const {
    BX_CPU_C& cpu = *BX_CPU(cpu_);
    mm::trace::State s;
    s.control = {cpu.cr0.get32(), static_cast<uint32_t>(cpu.cr3), cpu.cr4.get32(), cpu.efer.get32(), BX_PHY_ADDRESS_WIDTH};
    s.cr3_high = static_cast<uint32_t>(uint64_t{cpu.cr3} >> 32);
    for (unsigned i = 0; i < 4; ++i) s.pdpte[i] = cpu.PDPTR_CACHE.entry[i];
    return s;
}

uint64_t BochsMachine::cr2() const { return BX_CPU(cpu_)->cr2; }

// A register of the sender's local APIC (SDM vol. 3, 11.6.1), which waits for the answer before it sends another.
bool BochsMachine::sent_by_another(unsigned vector) const {
    constexpr uint32_t vector_bits = 0xFF, mode_bits = 7 << 8, shorthand_bits = 3 << 18, to_itself = 1 << 18;
    for (unsigned cpu = 0; cpu < BX_SMP_PROCESSORS; ++cpu) {
        if (cpu == cpu_) continue;
        const uint32_t sent = BX_CPU(cpu)->lapic->read_aligned(BX_LAPIC_ICR_LO);
        const unsigned mode = (sent & mode_bits) >> 8;
        if ((sent & vector_bits) == vector && (mode == APIC_DM_FIXED || mode == APIC_DM_LOWPRI) && (sent & shorthand_bits) != to_itself) return true;
    }
    return false;
}

}  // namespace plugin
