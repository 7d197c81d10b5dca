// SPDX-License-Identifier: LGPL-2.1-or-later
// Bochs' hooks: each converts its arguments once and calls the recording. Starting and stopping are in lifecycle.cc.
#include "bochs.h"
#include "cpu/cpu.h"
#include "cpu/msr.h"

#include <optional>

#include "debugger.h"
#include "recording.h"

namespace plugin {

FastPath fast_path[fast_path_cpus];
unsigned executing_cpu = 0;
Recording recording;

namespace {

mm::AccessKind kind_of(unsigned rw) { return rw & 1 ? mm::AccessKind::write : mm::AccessKind::read; }

}  // namespace

void data_access(unsigned cpu, uint64_t linear, uint64_t physical, unsigned length, unsigned rw) {
    FastPath& f = fast_path[cpu];
    if (f.counting == Counting::in_order && !verifying && count_fetch_first(f) && count_if_served(f, linear, rw)) return;
    if (recording.on(cpu))
        recording.state(cpu).data_access(mm::VirtAddr{static_cast<uint32_t>(linear)}, mm::PhysAddr{physical}, kind_of(rw), recording.position(cpu),
                                         length, rw == BX_RW);
}

void branch(unsigned cpu, uint64_t last, uint64_t target) {
    if (recording.on(cpu)) recording.state(cpu).near_branch(static_cast<uint32_t>(last), static_cast<uint32_t>(target));
}

void repeat_iteration(unsigned cpu, uint64_t last) {
    if (recording.on(cpu)) recording.state(cpu).repeat_iteration(static_cast<uint32_t>(last));
}

void next_instruction(unsigned cpu) {
    static bool first = true;
    if (first && recording.session) power_on();
    first = false;
    if (recording.session && recording.session->due() != Session::Due::nothing) between_instructions();
    if (recording.on(cpu)) recording.machines[cpu]->starts(), recording.state(cpu).next_instruction(recording.position(cpu));
    else fast_path[cpu].fetch.start_unknown = false;
}

// Bochs' linked traces end with an instruction of no length, which is none.
void debugged_instruction(unsigned cpu, unsigned length) {
    at_prompt = false;
    if (length == 0 || stops_before(cpu)) return;
    next_instruction(cpu);
    if (recording.on(cpu)) recording.state(cpu).repeat_iteration(recording.position(cpu).ip + length - 1);
}

}  // namespace plugin

using plugin::recording;

namespace {

std::optional<mm::trace::FastCallKind> fast_call(unsigned what) {
    using mm::trace::FastCallKind;
    switch (what) {
    case BX_INSTR_IS_SYSENTER: return FastCallKind::sysenter;
    case BX_INSTR_IS_SYSEXIT: return FastCallKind::sysexit;
    case BX_INSTR_IS_SYSCALL: return FastCallKind::syscall;
    case BX_INSTR_IS_SYSRET: return FastCallKind::sysret;
    }
    return std::nullopt;
}

// `far`: a far branch, of which only those to user code tell something.
void look_for_linux(unsigned cpu, bool far) {
    if (!recording.session || !recording.session->looks_for_linux()) return;
    const plugin::BochsMachine& machine = *recording.machines[cpu];
    if (!far || machine.position().user) recording.session->look_at_linux(machine, machine.state(), far);
}

}  // namespace

void bx_instr_far_branch(unsigned cpu, unsigned what, bx_address prev_eip, unsigned length, bx_address) {
    look_for_linux(cpu, true);
    if (!recording.on(cpu)) return;
    const plugin::Position after = recording.position(cpu);
    recording.state(cpu).far_branch(static_cast<uint32_t>(prev_eip) + length - 1, after);
    if (what == BX_INSTR_IS_IRET) recording.state(cpu).interrupt_return(after.user);
    if (const auto kind = fast_call(what)) recording.state(cpu).fast_call(*kind, static_cast<uint32_t>(prev_eip));
}

void bx_instr_hwinterrupt(unsigned cpu, unsigned vector) {
    if (recording.on(cpu)) recording.state(cpu).external_interrupt(static_cast<uint8_t>(vector), recording.position(cpu), recording.machines[cpu]->sent_by_another(vector));
}

void bx_instr_interrupt(unsigned cpu, unsigned vector) {
    if (recording.on(cpu)) recording.state(cpu).delivery(static_cast<uint8_t>(vector), recording.position(cpu));
}

// A fault while a double fault is delivered shuts the processor down. Bochs then resets the machine or panics, as bochsrc says.
void bx_instr_exception(unsigned cpu, unsigned vector, unsigned error_code) {
    if (recording.on(cpu))
        recording.state(cpu).exception(static_cast<uint8_t>(vector), error_code, recording.machines[cpu]->cr2(), recording.position(cpu));
    constexpr unsigned double_fault_type = 10;  // BX_ET_DOUBLE_FAULT, private to exception.cc
    if (recording.alive() && BX_CPU(cpu)->last_exception_type == double_fault_type)
        recording.session->end(plugin::EndReason::triple_fault, "vector " + std::to_string(vector) + " while a double fault was delivered");
}

// MOV to CR0, CR3 and CR4 and INVPCID are reported after Bochs has obeyed them, INVLPG before, with its linear address for a physical one.
// `descriptor`: INVPCID's, whose second half is a linear address (SDM vol. 2).
void bx_instr_tlb_cntrl(unsigned cpu, unsigned what, bx_phy_address value, const void* descriptor) {
    look_for_linux(cpu, false);
    if (!recording.on(cpu)) return;
    plugin::CpuState& state = recording.state(cpu);
    const plugin::Position at = recording.position(cpu);
    const uint32_t word = static_cast<uint32_t>(value);
    const mm::trace::State now = recording.machines[cpu]->state();
    const uint64_t* const pdpte = state.took_pdptes() ? now.pdpte : nullptr;
    switch (what) {
    case BX_INSTR_MOV_CR0: return state.write_cr0(now.control.cr0, pdpte, at);
    case BX_INSTR_MOV_CR3: return state.write_cr3(value, pdpte, recording.session->in_trampoline(state.linear(at.previous)), at);
    case BX_INSTR_MOV_CR4: return state.write_cr4(word, pdpte, at);
    case BX_INSTR_TASK_SWITCH: return state.switch_task(word, pdpte);
    case BX_INSTR_INVLPG: return state.invalidate_page(uint64_t{value}, at);
    case BX_INSTR_INVPCID: {
        uint64_t words[2] = {};
        if (descriptor) memcpy(words, descriptor, sizeof words);
        return state.invalidate_pcid(static_cast<mm::trace::InvpcidType>(word), static_cast<uint16_t>(words[0] & 0xFFF), words[1], at);
    }
    case BX_INSTR_CONTEXT_SWITCH: return state.change_state(now, mm::RefillCause::smm);
    }
}

void bx_instr_phy_access(unsigned cpu, bx_phy_address physical, unsigned, unsigned rw) {
    if (recording.on(cpu)) recording.state(cpu).physical_access(mm::PhysAddr{physical}, rw & 1);
}

// The hook comes before the write, also of one that is refused; EFER.LMA is not software's to write.
void bx_instr_wrmsr(unsigned cpu, unsigned index, Bit64u value) {
    if (!recording.on(cpu) || index != BX_MSR_EFER) return;
    if (!recording.machines[cpu]->accepts_efer(value))
        return recording.state(cpu).oddities().note(plugin::Oddity::efer_rejected, recording.machines[cpu]->ticks(), plugin::no_address, value);
    const uint32_t active = recording.state(cpu).state().control.efer & mm::efer_lma;
    recording.state(cpu).change_efer((static_cast<uint32_t>(value) & ~mm::efer_lma) | active);
}

// The hook does not say which CPU writes: the one whose turn it is.
void bx_instr_outp(Bit16u port, unsigned length, unsigned value) {
    const unsigned cpu = plugin::executing_cpu;
    if (recording.alive()) recording.session->port_write(cpu, port, length, value, recording.position(cpu));
}

void bx_instr_check_fetch(unsigned cpu, unsigned length) {
    if (recording.on(cpu)) recording.state(cpu).check_fetch(recording.position(cpu), length);
}
