// SPDX-License-Identifier: LGPL-2.1-or-later
// Accesses and walks of one CPU. Control events are in cpu_control.cc.
#include "cpu_state.h"

#include <stdio.h>

namespace plugin {

using namespace mm;

void Disagreements::add(uint64_t at, Pfn ours, Pfn theirs) {
    if (count_++ >= kept) return;
    char text[96];
    snprintf(text, sizeof text, "linear 0x%08llx: frame 0x%x, Bochs 0x%x", static_cast<unsigned long long>(at), ours.raw, theirs.raw);
    first_.push_back(text);
}

CpuState::CpuState(const Machine& machine, FastPath& fast, PacketSink& sink, unsigned cpu, const std::vector<const MmuGeometry*>& profiles,
                   StaleWatch& stale, bool references, std::function<void()> on_write_failure, uint32_t most_translations)
    : machine_{machine}, fast_{fast}, stream_{sink, cpu, state_, std::move(on_write_failure)}, fetch_{fast.fetch},
      pages_{make_sparse<PageRecord>(linear_pages)}, regions_{make_sparse<RegionRecord>(linear_regions)},
      models_{profiles.data(), static_cast<unsigned>(profiles.size()), pages_.get(), regions_.get(), fast.clock,
              static_cast<uint16_t>((references ? references_bit : 0) | (stale.on() ? trusted_bit : 0)), most_translations},
      second_hits_recorded_(profiles.size()), references_{references}, stale_{stale},
      may_hold_{stale.mode, machine, state_, models_.shared(), fast.clock, stale.tables}, number_{static_cast<uint8_t>(cpu)} {
    fast_.pages = pages_.get(), fast_.regions = regions_.get();
    for (const MmuGeometry* g : profiles) unified_ |= g->unified;
    next_counters_ = trace::counter_interval_ticks;
    stale_.holders.push_back(&may_hold_), stale_.cpus.push_back(this);
    fetch_.lose();
}

CpuState::~CpuState() { fast_.counting = Counting::off; }

// Every hook that may record comes here first: counters are those before the event.
void CpuState::arrive() {
    now_ = machine_.ticks();
    settle_writes();
    if (tasks_ && tasks_->changed()) record_task();
    if (now_ < next_counters_) return;
    next_counters_ = now_ - now_ % trace::counter_interval_ticks + trace::counter_interval_ticks;
    record_counters();
    if (at_interval_) at_interval_();
}

// What the second level served so far is the former task's.
void CpuState::record_task() {
    record_second_hits();
    record(trace::Task{tasks_->pid(), static_cast<uint32_t>(instructions()), tasks_->name()});
}

void CpuState::record_counters() {
    record_second_hits();
    for (unsigned n = 0; n < models_.count(); ++n)
        record(trace::Counters{static_cast<uint8_t>(n), instructions(), models_.counts(n, AccessKind::execute), models_.counts(n, AccessKind::read)});
    stale_.sites.tell([this](const trace::StaleUses& uses) { record(uses); });
}

void CpuState::record_second_hits() {
    for (unsigned n = 0; n < models_.count(); ++n) {
        const uint64_t hits = models_[n].second_hits() - second_hits_recorded_[n];
        if (hits != 0) record(trace::SecondHits{static_cast<uint8_t>(n), static_cast<uint32_t>(hits)});
        second_hits_recorded_[n] += hits;
    }
}

void CpuState::note_reference(VirtAddr a, Access access) {
    trace::Reference& last = references_last_;
    const bool same = references_pending_ != 0 && last.page == page_of(a) && last.access.kind == access.kind && last.access.user == access.user;
    if (same && last.repeats < trace::Reference::max_repeats) {
        ++last.repeats;
    } else {
        if (references_pending_ == trace::max_references) record_references();
        last = {page_of(a), access, 0};
        ++references_pending_;
    }
    const uint32_t word = last.encode();
    uint8_t* const at = reference_words_ + 4 * (references_pending_ - 1);
    for (unsigned byte = 0; byte < 4; ++byte) at[byte] = static_cast<uint8_t>(word >> 8 * byte);
}

void CpuState::record_references() {
    const trace::References event{references_pending_, reference_words_};
    references_pending_ = 0;
    record(event);
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

void CpuState::data_access(VirtAddr a, PhysAddr physical, AccessKind kind, const Position& at, unsigned bytes, bool modifies) {
    if (!paging()) return;
    catch_up(at);
    act(at);
    look_up(a, {kind, at.user && !implicit(a), at.ac}, frame_of(physical));
    if (kind == AccessKind::write && stale_.on() && stale_.tables.watched(frame_of(physical))) begin_entry_write(physical, bytes, modifies, at);
}

// The hook does not say for whom an access is made. At CPL 3 one that succeeded on a supervisor page was the processor's own:
// a descriptor, the TSS, the frame of an interrupt on the kernel's stack.
bool CpuState::implicit(VirtAddr a) const { return !walk(a, {}).translation.permissions.user; }

void CpuState::near_branch(uint32_t last, uint32_t target) {
    settle_writes();
    fetch_.run_to(last, fetcher());
    fetch_check_.compare(fetch_.linear(last));
    fetch_.jump(target, machine_.instructions());
}

void CpuState::far_branch(uint32_t last, const Position& after) {
    settle_writes();
    fetch_.run_to(last, fetcher());
    fetch_check_.compare(fetch_.linear(last));
    fetch_.far_jump(after.base, after.ip, machine_.instructions());
    fetch_user_ = after.user;
}

void CpuState::repeat_iteration(uint32_t last) {
    settle_writes();
    fetch_.run_to(last, fetcher());
}

void CpuState::next_instruction(const Position& at) {
    fetch_user_ = at.user;
    fetch_.start(at.base, at.ip, fetcher());
}

void CpuState::fetch(Vpn page) {
    if (!paging()) return;
    settle_writes();
    fetch_check_.looked_up(page);
    if (models_.quick(page.raw, AccessKind::execute)) return;
    arrive();
    const VirtAddr entered = fetch_.entered(page);
    acting_ip_ = entered.raw, acting_cpl3_ = fetch_user_;
    look_up(entered, {AccessKind::execute, fetch_user_}, machine_.fetch_frame(page));
}

class CpuState::Lookup {
public:
    Lookup(CpuState& cpu, Pfn bochs) : cpu_{cpu}, bochs_{bochs} {}

    PageWalk walk(VirtAddr a, Access access, const uint64_t* cached_pde) const { return cpu_.walk(a, access, cached_pde); }
    void translated(VirtAddr a, Pfn frame) {
        if (bochs_ != Machine::unknown_frame && !cpu_.same_frame(frame, bochs_)) cpu_.model_disagreements_.add(a.raw, frame, bochs_);
    }
    void walked(const ModelWalks& w) {
        if (bochs_ != Machine::unknown_frame && (w.walk.fault || !cpu_.same_frame(w.walk.translation.frame, bochs_)))
            cpu_.model_disagreements_.add(w.linear.raw, w.walk.translation.frame, bochs_);
        const uint16_t every = static_cast<uint16_t>((1u << cpu_.models_.count()) - 1);
        cpu_.record_walker(cpu_.acting_ip_);
        cpu_.record(trace::ModelWalk{{page_of(w.linear), w.access, w.walk.fault, w.walk.reads, w.walk.pde, w.walk.pte},
                                     w.cause, w.models == every ? trace::all_profiles : w.models, w.cached});
        cpu_.note_walk(w);
    }

private:
    CpuState& cpu_;
    Pfn bochs_;
};

// Counts one lookup in every model; those that miss walk, and what they find must be what Bochs found.
void CpuState::look_up(VirtAddr a, Access access, Pfn bochs) {
    if (references_) note_reference(a, access);
    const bool forbidden = may_hold_.suspects(page_of(a).raw) && check_stale(a, access, bochs);
    models_.look_up(a, access, state_.control, Lookup{*this, bochs});
    if (forbidden) may_hold_.disregard_use(page_of(a).raw);
    if (stale_.on()) trust(page_of(a).raw, access.kind, bochs);
}

PageWalk CpuState::walk(VirtAddr a, Access access, const uint64_t* cached_pde) const {
    return page_walk(a, access, state_.control, state_.pdpte, cached_pde, [this](PhysAddr at, unsigned bytes) { return machine_.load(at, bytes); });
}

void CpuState::begin_translation(uint64_t linear, Access access) {
    translating_.reads = translating_.writes = 0;
    translating_.active = paging() || long_mode();
    translating_.linear = linear;
    if (!long_mode()) models_.translate(page_of(translating_.virt()).raw, access.kind);
    translating_.access = access;
    translating_.data_lookups = data_lookups();
    translating_.instructions = machine_.instructions();
}

void CpuState::physical_access(PhysAddr at, bool write) {
    if (!translating_.active) {
        if (stray_reader_ != machine_.instructions()) stray_reads_ = 0;  // those of LMSW, or of a load that faulted
        stray_reader_ = machine_.instructions();
        stray_reads_ += !write;
    } else if (write) {
        if (translating_.writes < most_entries) translating_.written_at[translating_.writes++] = at;
    } else if (translating_.reads < most_entries) {
        translating_.read_at[translating_.reads++] = at;
    }
}

void CpuState::end_translation(Pfn frame, unsigned page_shift) {
    if (!translating_.active) return;
    translating_.active = false;
    if (long_mode()) return end_long_translation(frame, page_shift);
    if (translating_.reads != 0) {
        const PageWalk walked = walk(translating_.virt(), translating_.access);
        if (!same_frame(walked.translation.frame, frame) || walked.translation.shift != page_shift) walk_disagreements_.add(translating_.linear, walked.translation.frame, frame);
        observe(walked, false);
        if (walked.translation.frame != frame) oddities_.note(Oddity::a20_masked, now_, translating_.linear, address(walked.translation.frame).raw);
        ++observed_.fills[static_cast<unsigned>(translating_.access.kind)];
    }
    last_translation_ = translating_;
}

// The entries are read from memory once more, as the walk left them; the hooks told only where Bochs read and wrote.
void CpuState::observe(const PageWalk& walked, bool faulted) {
    arrive();
    const Translating& t = translating_;
    if (t.reads != walked.reads || (t.reads > 0 && t.read_at[0] != walked.pde_at) || (t.reads > 1 && t.read_at[1] != walked.pte_at))
        walk_disagreements_.add(t.linear, frame_of(walked.pde_at), frame_of(t.read_at[0]));
    trace::ObservedWalk event{{page_of(t.virt()), t.access, faulted, walked.reads, walked.pde, walked.pte}, false, false};
    for (unsigned n = 0; n < t.writes; ++n) {
        event.pde_written |= t.written_at[n] == walked.pde_at;
        event.pte_written |= walked.reads > 1 && t.written_at[n] == walked.pte_at;
    }
    if (event.pte_written && t.access.is_write()) stale_.dirtied(walked.pte_at, page_of(t.virt()).raw, may_hold_);
    note_oddities(walked.translation, walked.reads > 1 ? walked.pte_at : walked.pde_at);
    record_walker(t.access.is_execute() ? t.virt().raw : machine_.running().raw);
    observed_.walk_reads += walked.reads;
    observed_.walk_writes += uint64_t{event.pde_written} + uint64_t{event.pte_written};
    record(event);
}

// Tables in places where no kernel has them on purpose.
void CpuState::note_entry(PhysAddr at, bool written) {
    const MemoryKind kind = machine_.kind(at);
    if (kind == MemoryKind::ram) return;
    oddities_.note(table_oddity(kind), now_, translating_.linear, at.raw);
    if (written && kind != MemoryKind::device) oddities_.note(Oddity::table_write_lost, now_, translating_.linear, at.raw);
}
void CpuState::note_oddities(const Translation& translation, PhysAddr last_entry) {
    const Translating& t = translating_;
    for (unsigned n = 0; n < t.reads; ++n) {
        bool written = false;
        for (unsigned w = 0; w < t.writes; ++w) written |= t.written_at[w] == t.read_at[n];
        note_entry(t.read_at[n], written);
    }
    if (translation.status == WalkStatus::reserved_bit) oddities_.note(Oddity::reserved_bit, now_, t.linear, last_entry.raw);
}

// A page fault inside a translation: no hook tells of the access that made it, so it is looked up here. An access that
// straddles two pages is translated twice before the first hook: if the second page faults, the first counts as well.
void CpuState::faulting_access() {
    const Translating t = translating_, before = last_translation_;
    translating_.active = false;
    if (long_mode()) return observe_long(long_walk_now(t.linear), true);
    observe(walk(t.virt(), t.access), true);
    if (t.access.is_execute()) {
        fetch_.fetched(page_of(t.virt()));
        fetch_check_.faulted(page_of(t.virt()));
    } else if (offset_in_page(t.virt()) == 0 && page_of(before.virt()) + Pages{1} == page_of(t.virt()) && before.access.kind == t.access.kind &&
               before.data_lookups == t.data_lookups && before.instructions == t.instructions) {
        look_up(before.virt(), before.access, Machine::unknown_frame);
    }
    look_up(t.virt(), t.access, Machine::unknown_frame);
}

}  // namespace plugin
