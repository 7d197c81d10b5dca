// SPDX-License-Identifier: LGPL-2.1-or-later
// Accesses and walks of one CPU. Control events are in cpu_control.cc.
#include "cpu_state.h"

#include <stdio.h>

namespace plugin {

using namespace mm;

void Disagreements::add(VirtAddr at, Pfn ours, Pfn theirs) {
    if (count_++ >= kept) return;
    char text[96];
    snprintf(text, sizeof text, "linear 0x%08x: frame 0x%x, Bochs 0x%x", at.raw, ours.raw, theirs.raw);
    first_.push_back(text);
}

CpuState::CpuState(const Machine& machine, FastPath& fast, PacketSink& sink, unsigned cpu, const std::vector<const MmuGeometry*>& profiles,
                   std::function<void()> on_write_failure)
    : machine_{machine}, fast_{fast}, stream_{sink, cpu, state_, std::move(on_write_failure)}, fetch_{fast} {
    for (const MmuGeometry* g : profiles) models_.push_back(std::make_unique<Model>(*g));
    next_counters_ = trace::counter_interval_ticks;
    hide_all();
    fetch_.lose();
}

// Every hook that may record comes here first: counters are those before the event.
void CpuState::arrive() {
    now_ = machine_.ticks();
    if (now_ < next_counters_) return;
    next_counters_ = now_ - now_ % trace::counter_interval_ticks + trace::counter_interval_ticks;
    record_counters();
}

void CpuState::record_counters() {
    enter_models();
    uint8_t number = 0;
    for (const auto& model : models_)
        record(trace::Counters{number++, machine_.instructions(), model->mmu.counts(AccessKind::execute), model->mmu.counts(AccessKind::read)});
}

void CpuState::catch_up(const Position& at) {
    arrive();
    const uint32_t length = at.ip - at.previous;
    if (length == 0) fetch_.run_before(at.ip, machine_.instructions(), fetcher());
    else fetch_.run_to(length <= 15 ? at.ip - 1 : at.previous, fetcher());
    fetch_check_.compare(fetch_.linear(at.previous));
}

void CpuState::check_fetch(const Position& at, unsigned length) {
    if (!paging() || length == 0) return;  // Bochs ends each trace with a dummy of no length
    const VirtAddr first{at.base + at.ip};
    fetch_check_.instruction(page_of(first), page_of(first + (length - 1)));
}

void CpuState::data_access(VirtAddr a, PhysAddr physical, AccessKind kind, const Position& at) {
    if (!paging()) {
        fast_.data[kind == AccessKind::write][page_of(a).raw % data_slots] = {&unpaged_stamp_, page_of(a).raw};
        return;
    }
    catch_up(at);
    look_up(a, {kind, at.user && !implicit(a)}, frame_of(physical));
}

// The hook does not say for whom an access is made. At CPL 3 one that succeeded on a supervisor page was the processor's own:
// a descriptor, the TSS, the frame of an interrupt on the kernel's stack.
bool CpuState::implicit(VirtAddr a) const {
    const TlbEntry* const entry = models_[0]->mmu.find(a, AccessKind::read);
    return !(entry && entry->permissions.user) && !walk(a, {}).translation.permissions.user;
}

void CpuState::near_branch(uint32_t last, uint32_t target) {
    if (paging()) arrive();
    fetch_.run_to(last, fetcher());
    fetch_check_.compare(fetch_.linear(last));
    fetch_.jump(target, machine_.instructions());
}

void CpuState::far_branch(uint32_t last, const Position& after) {
    if (paging()) arrive();
    fetch_.run_to(last, fetcher());
    fetch_check_.compare(fetch_.linear(last));
    fetch_.far_jump(after.base, after.ip, machine_.instructions());
    fetch_user_ = after.user;
}

void CpuState::repeat_iteration(uint32_t last) {
    if (paging()) arrive();
    fetch_.run_to(last, fetcher());
}

void CpuState::next_instruction(const Position& at) {
    if (paging()) arrive();
    fetch_user_ = at.user;
    fetch_.start(at.base, at.ip, fetcher());
}

void CpuState::fetch(Vpn page) {
    if (!paging()) return;
    fetch_check_.looked_up(page);
    look_up(address(page), {AccessKind::execute, fetch_user_}, machine_.fetch_frame(page));
}

// The frame that an entry gives the address: a 4 KiB page's own, or one inside a large page.
Pfn CpuState::frame_in(const TlbEntry& entry, VirtAddr a) const {
    if (entry.page == page_of(a).raw) return entry.frame;
    const uint32_t frames = state_.control.mode() == PagingMode::pae ? entries_per_table<Pae> : entries_per_table<Classic>;
    return entry.frame + Pages{page_of(a).raw & (frames - 1)};
}

// One lookup in every model; those that miss walk, and what they find must be what Bochs found.
void CpuState::look_up(VirtAddr a, Access access, Pfn bochs) {
    enter_models();
    uint16_t missed = 0;
    for (unsigned n = 0; n < models_.size(); ++n) {
        Model& model = *models_[n];
        TlbEntry* const entry = model.mmu.look_up(a, access, state_.control);
        if (!entry) {
            missed = static_cast<uint16_t>(missed | 1u << n);
            continue;
        }
        const Pfn frame = frame_in(*entry, a);
        if (bochs != Machine::unknown_frame && frame != bochs) model_disagreements_.add(a, frame, bochs);
        if (!access.is_execute() && filtered() && !outdated(*entry, a)) show(model, *entry, page_of(a).raw, access.is_write());
    }
    if (missed) {
        const Walked walked = walk(a, access);
        if (bochs != Machine::unknown_frame && (walked.record.fault || walked.translation.frame != bochs))
            model_disagreements_.add(a, walked.translation.frame, bochs);
        RefillCause first = RefillCause::fault;
        for (unsigned n = 0; n < models_.size(); ++n) {
            if (!(missed >> n & 1)) continue;
            RefillCause cause = RefillCause::fault;
            if (!walked.record.fault) fill_after_walk(*models_[n], a, walked, access.kind, &cause);
            const bool alone = models_.size() == 1;
            if (alone) first = cause;
            else record(trace::ModelWalk{walked.record, cause, static_cast<uint16_t>(1u << n)});
        }
        if (models_.size() == 1) record(trace::ModelWalk{walked.record, first, trace::all_profiles});
    }
    leave_models();
}

void CpuState::fill_after_walk(Model& model, VirtAddr a, const Walked& walked, AccessKind kind, RefillCause* cause) {
    // An entry that is there but did not serve is about to be replaced, perhaps by one of another page size.
    if (filtered() && model.mmu.find(a, kind)) hide_all();
    TlbEntry* entry = nullptr;
    *cause = model.mmu.fill(a, walked.translation, kind, &entry);
    if (!filtered() || kind == AccessKind::execute) return;
    hide(model, *entry);
    show(model, *entry, page_of(a).raw, kind == AccessKind::write);
}

template <class F>
CpuState::Walked CpuState::walk_as(const typename F::Root& root, VirtAddr a, Access access) const {
    const auto load = [this](PhysAddr at) { return static_cast<typename F::Raw>(machine_.load(at, sizeof(typename F::Raw))); };
    const Walk<F> w = mm::walk<F>(root, a, state_.control, load);
    const bool fault = !w.translation.mapped() || !allows(w.translation.permissions, access, state_.control);
    return {{page_of(a), access, fault, w.reads, w.pde.raw, w.pte.raw}, w.translation, w.pde_at, w.pte_at};
}

CpuState::Walked CpuState::walk(VirtAddr a, Access access) const {
    if (state_.control.mode() == PagingMode::pae)
        return walk_as<Pae>({{state_.pdpte[0], state_.pdpte[1], state_.pdpte[2], state_.pdpte[3]}}, a, access);
    return walk_as<Classic>({PhysAddr{state_.control.cr3 & 0xFFFFF000}}, a, access);
}

void CpuState::begin_translation(VirtAddr a, Access access) {
    enter_models();
    if (filtered() && !access.is_execute()) hide_page(page_of(a).raw);  // its entry may be outdated()
    translating_ = Translating{};
    translating_.active = paging();
    translating_.linear = a;
    translating_.access = access;
    translating_.clock = data_clock();
    translating_.instructions = machine_.instructions();
}

void CpuState::physical_access(PhysAddr at, bool write) {
    if (!translating_.active) {
        if (stray_reader_ != machine_.instructions()) stray_reads_ = 0;  // those of LMSW, or of a load that faulted
        stray_reader_ = machine_.instructions();
        stray_reads_ += !write;
    } else if (write) {
        if (translating_.writes < 2) translating_.written_at[translating_.writes++] = at;
    } else if (translating_.reads < 2) {
        translating_.read_at[translating_.reads++] = at;
    }
}

void CpuState::end_translation(Pfn frame, unsigned page_shift) {
    if (!translating_.active) return;
    translating_.active = false;
    if (translating_.reads != 0) {
        const Walked walked = walk(translating_.linear, translating_.access);
        if (walked.translation.frame != frame || walked.translation.shift != page_shift) walk_disagreements_.add(translating_.linear, walked.translation.frame, frame);
        observe(walked, false);
        ++observed_.fills[static_cast<unsigned>(translating_.access.kind)];
    }
    last_translation_ = translating_;
}

// The entries are read from memory once more, as the walk left them; the hooks told only where Bochs read and wrote.
void CpuState::observe(const Walked& walked, bool faulted) {
    arrive();
    const Translating& t = translating_;
    if (t.reads != walked.record.reads || (t.reads > 0 && t.read_at[0] != walked.pde_at) || (t.reads > 1 && t.read_at[1] != walked.pte_at))
        walk_disagreements_.add(t.linear, frame_of(walked.pde_at), frame_of(t.read_at[0]));
    trace::ObservedWalk event{walked.record, false, false};
    event.walk.fault = faulted;
    for (unsigned n = 0; n < t.writes; ++n) {
        event.pde_written |= t.written_at[n] == walked.pde_at;
        event.pte_written |= walked.record.reads > 1 && t.written_at[n] == walked.pte_at;
    }
    observed_.walk_reads += walked.record.reads;
    observed_.walk_writes += uint64_t{event.pde_written} + uint64_t{event.pte_written};
    record(event);
}

// A page fault inside a translation: no hook tells of the access that made it, so it is looked up here. An access that
// straddles two pages is translated twice before the first hook: if the second page faults, the first counts as well.
void CpuState::faulting_access() {
    const Translating t = translating_, before = last_translation_;
    observe(walk(t.linear, t.access), true);
    translating_.active = false;
    if (t.access.is_execute()) {
        fetch_.fetched(page_of(t.linear));
        fetch_check_.faulted(page_of(t.linear));
    } else if (offset_in_page(t.linear) == 0 && page_of(before.linear) + Pages{1} == page_of(t.linear) && before.access.kind == t.access.kind &&
               before.clock == t.clock && before.instructions == t.instructions) {
        look_up(before.linear, before.access, Machine::unknown_frame);
    }
    look_up(t.linear, t.access, Machine::unknown_frame);
}

// The slots do not know the privilege of an access. It matters where the guest has opened a supervisor's page to programs and flushed
// nothing: the entry still serves the kernel, but a program's access walks. Bochs cannot serve a program before it
// has translated the page anew, and begin_translation() takes the page out of the slots.
bool CpuState::outdated(const TlbEntry& entry, VirtAddr a) const {
    return !entry.permissions.user && walk(a, {}).translation.permissions.user;
}

// The fast path's slots lead to entries of the only model; an entry leaves them before its place is given to another page.
void CpuState::show(Model& model, TlbEntry& entry, uint32_t page, bool write) {
    model.shown[static_cast<size_t>(&entry - model.storage.data())] = page;
    fast_.data[write][page % data_slots] = {&entry.used, page};
}

void CpuState::hide(Model& model, const TlbEntry& entry) {
    const size_t index = static_cast<size_t>(&entry - model.storage.data());
    const uint32_t page = model.shown[index];
    if (page == no_page) return;
    model.shown[index] = no_page;
    if (index >= model.storage.size() - model.geometry.data.large.entries) return hide_all();  // many pages lead to it
    hide_page(page);
}

void CpuState::hide_page(uint32_t page) {
    for (auto& slots : fast_.data)
        if (slots[page % data_slots].page == page) slots[page % data_slots].page = no_page;
}

void CpuState::hide_all() {
    for (auto& slots : fast_.data)
        for (DataSlot& slot : slots) slot = {&unpaged_stamp_, no_page};
}

}  // namespace plugin
