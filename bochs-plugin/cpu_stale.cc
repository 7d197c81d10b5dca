// SPDX-License-Identifier: LGPL-2.1-or-later
// One CPU's part in the search for missing flushes: entries that it writes, lookups that stale translations may serve, reports.
#include "cpu_state.h"

namespace plugin {

using namespace mm;

MayHold::Change CpuState::change_by(EntryWriter how, uint32_t ip) const {
    MayHold::Change change;
    change.how = how, change.cpu = number_, change.ip = ip, change.ticks = now_, change.writer_steps = progress_.steps();
    return change;
}

// --- writes of entries

// The hook comes before the write, and for an instruction that reads first, before it has read: memory has the value once it is completed.
void CpuState::begin_entry_write(PhysAddr at, unsigned bytes, bool modifies, const Position& by) {
    const uint64_t completed = machine_.instructions();
    begin_write(at, bytes, change_by(EntryWriter::instruction, fetch_.linear(by.previous).raw), modifies ? completed + 1 : 0);
    ip_after_write_ = by.ip, begun_by_then_ = completed + 1;
}

// No CPU counts a lookup unasked until the value is known.
void CpuState::begin_write(PhysAddr at, unsigned bytes, MayHold::Change by, uint64_t until) {
    stale_.writes.begin(machine_, at, bytes, state_.control.mode() == PagingMode::pae ? 8 : 4, by, until);
    for (CpuState* cpu : stale_.cpus) cpu->set_counting();
}

void CpuState::take_writes() {
    bool changed = false;
    uint8_t writer = 0;
    stale_.writes.end([&](const MayHold::Change& change) {
        if (references_) record(trace::EntryWrite{change.entry_at, change.new_entry, change.how, change.ip});
        stale_.entry_changed(change);
        for (CpuListener* each : listeners_) each->changed(*this, change);
        changed = true, writer = change.cpu;
    });
    for (CpuState* cpu : stale_.cpus) {
        cpu->set_counting();
        if (changed) cpu->look_again(writer);
    }
}

// Whoever runs on in a page whose translation has changed fetches from it with the next instruction.
void CpuState::look_again(uint8_t writer) {
    if (number_ == writer && may_hold_.suspects(page_of(fetch_.linear(ip_after_write_)).raw)) fetch_.again(ip_after_write_, begun_by_then_);
    if (number_ != writer && may_hold_.suspects(fast_.fetch.page & 0xFFFFF)) fetch_.forget_page();
}

void CpuState::begin_device_write(PhysAddr at, unsigned bytes) {
    now_ = machine_.ticks();
    settle_writes();
    if (paging() && stale_.on() && stale_.tables.watched(frame_of(at))) begin_write(at, bytes, change_by(EntryWriter::device, 0), 0);
}
void CpuState::end_device_write() { settle_writes(); }

void CpuState::publish_page_table(Pfn frame, protocol::PageTable what, const Position& at) {
    catch_up(at);
    stale_.publish_page_table(frame, what, {fetch_.linear(at.previous).raw, now_});
}

// --- lookups

void CpuState::trust(uint32_t page, AccessKind kind, Pfn frame) {
    models_.shared().trust(page, kind, !may_hold_.must_ask(page, kind, frame));
    if (kind == AccessKind::write && frame != Machine::unknown_frame) may_hold_.wrote(page, frame);
}

void CpuState::note_walk(const ModelWalks& w) {
    if (!stale_.on()) return;
    may_hold_.walked(w.linear, w.walk, {w.access.kind, acting_ip_, now_});
    const auto freed = [&](PhysAddr entry, TableLevel level, uint64_t named_by) {
        const TableWatch::Freed* const when = stale_.tables.freed(frame_of(entry));
        if (!when) return;
        trace::Stale e;
        e.linear = w.linear, e.kind = StaleKind::freed_table_used, e.level = level, e.access = w.access;
        e.mapped = w.walk.translation.mapped(), e.old_owner = FrameOwner::freed_table;
        e.profiles = w.models, e.ip = acting_ip_;
        e.change = change_by(EntryWriter::freed, when->ip);
        e.change.ticks = when->ticks, e.change.entry_at = entry, e.change.old_entry = e.change.new_entry = named_by;
        e.old_frame = frame_of(entry), e.new_frame = w.walk.translation.frame;
        report(e);
    };
    if (w.walk.reads >= 1) freed(w.walk.pde_at, TableLevel::pdpte, w.walk.pde);
    if (w.walk.reads >= 2) freed(w.walk.pte_at, TableLevel::pde, w.walk.pde);
}

// Which modelled TLBs really have what the use is about.
uint16_t CpuState::holders(uint32_t page, AccessKind kind, const MayHold::Use& use) {
    unsigned holders = 0;
    for (unsigned n = 0; n < models_.count(); ++n) {
        const bool held = use.stale->shape == StaleShape::directory ? models_[n].holds_directory_entry(page, use.stale->pde)
                                                                    : models_[n].holds(page, kind, use.held.translation.frame);
        holders |= unsigned{held} << n;
    }
    return static_cast<uint16_t>(holders);
}

// What a replay needs to judge the same: entries of tables that no model may have walked yet.
void CpuState::record_entries(VirtAddr a, Access access) {
    may_hold_.visit_walks(a, access, [&](const PageWalk& w, bool from_memory) {
        if (from_memory && w.reads >= 1) record(trace::EntryWrite{w.pde_at, w.pde, EntryWriter::address_space, 0});
        if (w.reads >= 2) record(trace::EntryWrite{w.pte_at, w.pte, EntryWriter::address_space, 0});
    });
}

// True if the page tables forbid the access, and did not serve the page before.
bool CpuState::check_stale(VirtAddr a, Access access, Pfn bochs) {
    const uint32_t page = page_of(a).raw;
    if (references_) record_entries(a, access);
    const PageWalk now = may_hold_.approach(a, access, {access.kind, acting_ip_, now_});
    const bool forbidden = may_hold_.forbidden(page, now);
    const auto use = may_hold_.stale_use(a, access, acting_cpl3_, now);
    if (!use) return forbidden;
    const Translation& was = use->held.translation;
    trace::Stale e;
    e.linear = a, e.kind = use->kind, e.level = use->stale->level, e.access = access;
    e.access.user |= acting_cpl3_ && was.permissions.user;
    e.large = was.shift != page_shift, e.global = was.permissions.global, e.mapped = use->now.translation.mapped();
    e.old_frame = was.frame, e.new_frame = use->now.translation.frame;
    e.used_by_bochs = bochs == was.frame && !(e.mapped && bochs == e.new_frame);
    if (stale_.tables.freed(was.frame)) e.old_owner = FrameOwner::freed_table;
    else if (stale_.tables.watched(was.frame)) e.old_owner = FrameOwner::page_table;
    e.profiles = holders(page, access.kind, *use);
    e.ip = acting_ip_;
    e.change = use->stale->change, e.cached = use->stale->cached;
    const bool by_another = e.change.how == EntryWriter::instruction && e.change.cpu != number_;
    if (by_another) e.change.how = EntryWriter::other_cpu;
    const bool one_page = !e.large && e.level == TableLevel::pte;
    if (by_another && !stale_.cpus[e.change.cpu]->progress_.finished(use->stale->change, a, one_page, now_)) return ++stale_.unfinished, forbidden;
    if (const auto writer = may_hold_.writer_of(was.frame)) e.old_mapped_at = address(Vpn{*writer});
    const uint16_t site = report(e);
    if (by_another && site != StaleSites::no_site)
        stale_.unsettled += !untold_.add({site, page, one_page, use->stale->shape == StaleShape::directory, e.global});
    return forbidden;
}

// At a use of what another CPU has changed the run is stopped only when it is sure that this one is not told.
uint16_t CpuState::report(trace::Stale e) {
    const bool first = stale_.sites.count(e);
    if (first) record(e);
    if (first && e.change.how != EntryWriter::other_cpu) stale_.on_report();
    return e.site;
}

// --- several CPUs

template <class Covers>
void CpuState::flush_untold(Covers&& covers) {
    untold_.flush(covers, [this](const UntoldUses::Use& use) {
        if (told_.now()) stale_.sites.take_back(use.site, use.uses);
        else stale_.on_report();
    });
}

void CpuState::flush_untold_page(VirtAddr a) {
    flush_untold([&](const UntoldUses::Use& use) { return use.directory || use.of_page(page_of(a).raw); });
}
void CpuState::flush_untold_address(VirtAddr a) {
    flush_untold([&](const UntoldUses::Use& use) { return use.directory || (!use.global && use.of_page(page_of(a).raw)); });
}
void CpuState::flush_untold_at_fault(VirtAddr a) {
    flush_untold([&](const UntoldUses::Use& use) { return use.of_page(page_of(a).raw); });
}
void CpuState::flush_untold_not_global() {
    flush_untold([](const UntoldUses::Use& use) { return !use.global; });
    progress_.went_on();
}
void CpuState::flush_untold_all() {
    flush_untold([](const UntoldUses::Use&) { return true; });
    progress_.went_on();
}

// --- registers

void CpuState::change_root(const trace::State& before, uint32_t ip) {
    if (paging()) may_hold_.change_root(before, change_by(EntryWriter::address_space, ip));
}

}  // namespace plugin
