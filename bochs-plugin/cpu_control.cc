// SPDX-License-Identifier: LGPL-2.1-or-later
// Control events of one CPU: registers, invalidations, interrupts. Each first catches up with the fetches made under the old
// registers, then records, then takes effect (mm/mmu_model.hpp has the rules).
#include "cpu_state.h"

namespace plugin {

using namespace mm;

namespace {
constexpr uint8_t vector_double_fault = 8, vector_general_protection = 13;  // SDM vol. 3, table 6-1
}

// What the guest said that it flushes for; if nothing, what the instruction is taken for.
RefillCause CpuState::charged(RefillCause instruction) const {
    switch (flush_reason_) {
    case protocol::FlushReason::kmap_wrap: return RefillCause::kmap_wrap;
    case protocol::FlushReason::vmalloc_purge: return RefillCause::vmalloc_purge;
    case protocol::FlushReason::none: break;
    }
    return instruction;
}

// drop(model) flushes it and says what that dropped.
template <class Drop>
void CpuState::flush(RefillCause cause, Drop&& drop) {
    for (CpuListener* each : listeners_) each->flushes(*this, cause);
    for (unsigned n = 0; n < models_.count(); ++n) {
        const Dropped dropped = drop(models_[n]);
        if (dropped.total() != 0) record(trace::Flush{cause, static_cast<uint8_t>(n), dropped});
    }
}

// Whether lookups are made now.
void CpuState::set_paging() {
    set_counting();
    if (paging()) may_hold_.begin_paging();
    follow_long_mode();
}
void CpuState::set_counting() {
    fast_.counting = !paging() ? Counting::off : stale_.writes.pending() ? Counting::ask : unified_ ? Counting::in_order : Counting::on;
}

// A write to a control register serialises: what follows is fetched anew. While paging was off jumps were not followed.
void CpuState::refetch(const Position& at) {
    forget_fetch_page();
    fetch_.far_jump(at.base, at.ip, machine_.instructions());
}

void CpuState::forget_fetch_page() {
    fetch_.forget_page();
    fetch_check_.forget_page();
}

void CpuState::record_pdptes(const uint64_t* pdpte) {
    if (!pdpte) return;
    for (unsigned i = 0; i < 4; ++i) state_.pdpte[i] = pdpte[i];
    record(trace::PdpteLoad{{pdpte[0], pdpte[1], pdpte[2], pdpte[3]}});
    observed_.pdpte_loads += 4;
}

bool CpuState::took_pdptes() {
    const bool taken = stray_reads_ >= 4 && stray_reader_ == machine_.instructions();
    stray_reads_ = 0;
    return taken;
}

// The root of the page tables that walks begin with from now on.
void CpuState::note_root() {
    if (state_.control.mode() != PagingMode::none && machine_.kind(root()) != MemoryKind::ram)
        oddities_.note(Oddity::root_outside_memory, now_, no_address, root().raw);
}

void CpuState::write_cr0(uint32_t value, const uint64_t* pdpte, const Position& at) {
    catch_up(at);
    record(trace::ControlWrite{trace::EventId::cr0_write, value, fetch_.linear(at.previous).raw});
    const uint32_t changed = state_.control.cr0 ^ value;
    const bool paging_changed = (changed & cr0_pg) != 0;
    if (paging_changed) may_hold_.flush_all(), flush_untold_all();
    state_.control.cr0 = value;  // before anything else is recorded: that may begin a packet
    if (paging_changed) flush(RefillCause::control, [](auto& mmu) { return mmu.flush_all(RefillCause::control); });
    const bool long_mode = (value & cr0_pg) && (state_.control.efer & efer_lme);  // the processor sets EFER.LMA then
    change_efer((state_.control.efer & ~efer_lma) | (long_mode ? efer_lma : 0));
    record_pdptes(pdpte);
    if (pdpte && !paging_changed) models_.drop_directory_entries(), may_hold_.load_pdptes();
    if (changed & cr0_wp) models_.withdraw_all();
    if (!paging_changed) return;
    note_root();
    set_paging();
    refetch(at);
}

void CpuState::write_cr3(uint64_t value, const uint64_t* pdpte, bool in_trampoline, const Position& at) {
    catch_up(at);
    ++observed_.cr3_writes;
    flush_untold_not_global();
    record(trace::ControlWrite{trace::EventId::cr3_write, static_cast<uint32_t>(value), fetch_.linear(at.previous).raw});
    const trace::State before = state_;
    state_.control.cr3 = static_cast<uint32_t>(value), state_.cr3_high = static_cast<uint32_t>(value >> 32);
    if (state_.cr3_high != 0) record(trace::LongRoot{state_.cr3_high});
    note_root();
    record_pdptes(pdpte);
    change_root(before, fetch_.linear(at.previous).raw);
    const RefillCause cause = charged(in_trampoline ? RefillCause::split_switch : RefillCause::context_switch);
    flush(cause, [&](auto& mmu) { return mmu.flush_non_global(cause, state_.control); });
    refetch(at);
}

void CpuState::write_cr4(uint32_t value, const uint64_t* pdpte, const Position& at) {
    catch_up(at);
    record(trace::ControlWrite{trace::EventId::cr4_write, value, fetch_.linear(at.previous).raw});
    const uint32_t changed = state_.control.cr4 ^ value;
    const bool flushes = cr4_write_flushes(state_.control.cr4, value);
    const RefillCause cause = charged(RefillCause::control);
    if (flushes) may_hold_.flush_all(), flush_untold_all();
    state_.control.cr4 = value;
    if (flushes) flush(cause, [&](auto& mmu) { return mmu.flush_all(cause); });
    if (changed & cr4_pae) models_.set_large_page(value & cr4_pae ? directory_shift<Pae> : directory_shift<Classic>);
    record_pdptes(pdpte);
    if (pdpte && !flushes) models_.drop_directory_entries(), may_hold_.load_pdptes();
    set_paging();
    if (flushes) refetch(at);
}

// From here on Bochs moves the instruction pointers to the new task, whose accesses follow before its first fetch.
void CpuState::begin_task_switch(const Position& at) {
    catch_up(at);
    task_switch_ip_ = fetch_.linear(at.previous).raw;
    fetch_.lose();
}

void CpuState::switch_task(uint32_t cr3, const uint64_t* pdpte) {
    arrive();
    flush_untold_not_global();
    record(trace::TaskSwitch{cr3, task_switch_ip_});
    const trace::State before = state_;
    state_.control.cr3 = cr3;
    note_root();
    record_pdptes(pdpte);
    if (cr3 != before.control.cr3) change_root(before, task_switch_ip_);
    flush(RefillCause::task_switch, [&](auto& mmu) { return mmu.flush_non_global(RefillCause::task_switch, state_.control); });
    forget_fetch_page();
}

void CpuState::invalidate_page(VirtAddr a, const Position& at) {
    catch_up(at);
    ++observed_.invlpg;
    record(trace::InvalidatePage{a, fetch_.linear(at.previous).raw});
    const RefillCause cause = charged(RefillCause::invlpg);
    flush(cause, [&](auto& mmu) { return mmu.flush_page(page_of(a).raw, cause); });
    if (paging()) may_hold_.flush_page(a), flush_untold_page(a), progress_.flushed_page(a);
    refetch(at);
}

void CpuState::begin(const trace::State& state, uint64_t first) {
    first_instruction_ = first;
    first_tick_ = machine_.ticks() - (machine_.instructions() - first);
    next_counters_ = first_tick_ - first_tick_ % trace::counter_interval_ticks + trace::counter_interval_ticks;
    change_state(state, RefillCause::control);
    for (CpuListener* each : listeners_) each->begins(*this);
}

// All translations have PCID 0 while CR4.PCIDE is clear, which it is outside long mode (SDM vol. 3, 4.10.1): types 1 and 3 are the same.
void CpuState::invalidate_pcid(trace::InvpcidType type, VirtAddr a, const Position& at) {
    catch_up(at);
    if (type != trace::InvpcidType::address) a = VirtAddr{0};
    record(trace::InvalidatePcid{type, a, fetch_.linear(at.previous).raw});
    const RefillCause cause = charged(RefillCause::control);
    switch (type) {
    case trace::InvpcidType::address:
        flush(cause, [&](auto& mmu) { return mmu.flush_address(page_of(a).raw, cause, state_.control); });
        if (paging()) may_hold_.flush_address(a), flush_untold_address(a), progress_.flushed_page(a);
        break;
    case trace::InvpcidType::context:
    case trace::InvpcidType::all:
        flush(cause, [&](auto& mmu) { return mmu.flush_non_global(cause, state_.control); });
        if (paging()) may_hold_.flush_non_global(), flush_untold_not_global();
        break;
    case trace::InvpcidType::all_and_global:
        flush(cause, [&](auto& mmu) { return mmu.flush_all(cause); });
        if (paging()) may_hold_.flush_cached(), flush_untold_all();
        break;
    }
    refetch(at);
}

void CpuState::change_state(const trace::State& state, RefillCause cause) {
    arrive();
    translating_.active = false;
    for (CpuListener* each : listeners_) each->changes_state(*this, cause);
    flush(cause, [&](auto& mmu) { return mmu.flush_all(cause); });
    may_hold_.flush_all(), flush_untold_all();
    if ((state.control.cr4 ^ state_.control.cr4) & cr4_pae)
        models_.set_large_page(state.control.cr4 & cr4_pae ? directory_shift<Pae> : directory_shift<Classic>);
    stream_.close_packet();
    state_ = state;
    stray_reads_ = 0;
    set_paging();
    forget_fetch_page();
    fetch_.lose();
}

void CpuState::change_efer(uint32_t efer) {
    if (efer == state_.control.efer) return;
    if (references_pending_ != 0) record_references();
    stream_.close_packet();
    if ((state_.control.efer ^ efer) & efer_nxe) models_.withdraw_all();
    state_.control.efer = efer;
    set_paging();
}

// The BIOS and boot loader call each other by interrupts, thousands of times, before paging is on: that costs nobody anything.
void CpuState::record_interrupt(uint8_t vector, trace::InterruptKind kind, bool user, uint32_t ip) {
    if (paging() || long_mode()) record(trace::Interrupt{vector, kind, user, fetch_.linear(ip).raw});
}

void CpuState::external_interrupt(uint8_t vector, const Position& at, bool by_another_cpu) {
    catch_up(at);
    told_.interrupt(by_another_cpu);
    record_interrupt(vector, trace::InterruptKind::external, at.user, at.ip);
    announced_ = true;
    fetch_.lose();
}

// A fetch that faults ends the run before the instruction; in an instruction on two pages, after its first byte.
void CpuState::exception(uint8_t vector, uint32_t code, uint64_t cr2, const Position& at) {
    const bool translating = vector == 14 && translating_.active;
    if (translating && translating_.access.is_execute()) {
        arrive();
        if (at.ip == at.previous) fetch_.run_before(at.ip, machine_.instructions(), fetcher());
        else fetch_.run_to(at.previous, fetcher());
    } else {
        catch_up(at);
    }
    act(at);
    if (vector == vector_double_fault) oddities_.note(Oddity::double_fault, now_, no_address, no_address);
    if (vector == vector_general_protection && stray_reads_ != 0 && stray_reader_ == machine_.instructions())
        oddities_.note(Oddity::pdpte_rejected, now_, no_address, no_address);
    if (translating) faulting_access();
    translating_.active = false;
    if (vector == 14 && long_mode()) {
        long_page_fault(code, cr2, at);
    } else if (vector == 14) {
        const VirtAddr linear{static_cast<uint32_t>(cr2)};
        ++observed_.page_faults;
        record(trace::PageFault{linear, fetch_.linear(at.previous).raw, PageFaultCode::decode(code)});
        flush(RefillCause::page_fault, [&](auto& mmu) { return mmu.flush_faulting(page_of(linear).raw, RefillCause::page_fault); });
        if (paging()) may_hold_.flush_faulting(linear), flush_untold_at_fault(linear);
        forget_fetch_page();
    } else {
        record_interrupt(vector, trace::InterruptKind::exception, at.user, at.previous);
    }
    announced_ = true;
    fetch_.lose();
}

// Bochs announces external interrupts and exceptions beforehand, INT n only here.
void CpuState::delivery(uint8_t vector, const Position& at) {
    told_.delivered();
    if (announced_) {
        announced_ = false;
        return;
    }
    catch_up(at);
    record_interrupt(vector, trace::InterruptKind::software, at.user, at.previous);
}

void CpuState::interrupt_return(bool to_user) {
    told_.returned(to_user);
    if (!paging() && !long_mode()) return;
    arrive();
    if (to_user) progress_.went_on();
    record(trace::InterruptReturn{to_user});
}

void CpuState::fast_call(trace::FastCallKind kind, uint32_t ip) {
    const bool to_user = kind == trace::FastCallKind::sysexit || kind == trace::FastCallKind::sysret;
    if (to_user) told_.returned(true);
    if (!paging() && !long_mode()) return;
    arrive();
    if (to_user) progress_.went_on();
    record(trace::FastCall{kind, fetch_.linear(ip).raw});
}

void CpuState::span_edge(trace::EventId which, uint16_t span, const Position& at) {
    catch_up(at);
    record_second_hits();
    record(trace::SpanEdge{which, span, static_cast<uint32_t>(instructions())});
}

void CpuState::span_begun(uint16_t span) { record(trace::SpanEdge{trace::EventId::span_begin, span, 0}); }

void CpuState::finish() {
    now_ = machine_.ticks();
    record_counters();
    stream_.close_packet();
}

}  // namespace plugin
