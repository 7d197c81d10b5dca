// SPDX-License-Identifier: LGPL-2.1-or-later
// The replay of a recording through the naive detector, event by event.
#include "stale_replayer.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace reference {
namespace {

namespace trace = mm::trace;

std::string hex(uint64_t n) {
    char text[32];
    std::snprintf(text, sizeof text, "0x%llX", static_cast<unsigned long long>(n));
    return text;
}
std::string describe(mm::StaleKind kind, mm::TableLevel level, mm::PhysAddr entry, mm::Pfn old_frame, mm::Pfn new_frame) {
    return std::string{mm::name(kind)} + " of the " + mm::name(level) + " at " + hex(entry.raw) + ", frame " + hex(old_frame.raw) + " for " + hex(new_frame.raw);
}
std::string flags(bool large, bool global, bool mapped) { return std::string{large ? ", large" : ""} + (global ? ", global" : "") + (mapped ? "" : ", not mapped now"); }
std::string describe(const Finding& f) { return describe(f.kind, f.level, f.entry_at, f.old_frame, f.new_frame) + flags(f.large, f.global, f.mapped); }
std::string describe(const trace::Stale& e) { return describe(e.kind, e.level, e.change.entry_at, e.old_frame, e.new_frame) + flags(e.large, e.global, e.mapped); }

bool same_kind(const Finding& f, mm::StaleKind kind) { return f.kind == kind || (f.through_directory && kind == mm::StaleKind::table_freed); }

bool blames(const Finding& f, mm::TableLevel level, mm::PhysAddr entry) {
    return f.blame_open ? level != mm::TableLevel::pdpte : f.level == level && f.entry_at == entry;
}

bool same(const Finding& f, const trace::Stale& e) {
    return same_kind(f, e.kind) && blames(f, e.level, e.change.entry_at) && f.old_frame == e.old_frame && f.new_frame == e.new_frame && f.mapped == e.mapped &&
           f.large == e.large && (f.global == e.global || e.level == mm::TableLevel::pdpte);
}

}  // namespace

StaleReplayer::StaleReplayer()
    : naive_{[this](mm::PhysAddr at) {
          const auto known = memory_.find(at.raw);
          return known == memory_.end() ? std::nullopt : std::optional{known->second};
      }} {}

// --- memory

// A directory entry that every walk had from its cache is not what memory says; the table entry is.
void StaleReplayer::learn(const trace::ModelWalk& e) {
    learn(e.walk, e.profiles == trace::all_profiles || (e.profiles & ~e.cached));
}

void StaleReplayer::learn(const trace::WalkRecord& w, bool pde_from_memory) {
    const mm::VirtAddr a = mm::address(w.page);
    const bool pae = state_.control.mode() == mm::PagingMode::pae;
    if (w.reads == 0 || state_.control.mode() == mm::PagingMode::none) return;
    const uint64_t directory = pae ? state_.pdpte[mm::pdpte_index(a)] & 0x000000FFFFFFF000 : state_.control.cr3 & 0xFFFFF000;
    if (pde_from_memory) memory_[directory + (pae ? mm::directory_index<mm::Pae>(a) * 8 : mm::directory_index<mm::Classic>(a) * 4)] = w.pde;
    if (w.reads == 2) memory_[(w.pde & 0x000000FFFFFFF000) + (pae ? mm::table_index<mm::Pae>(a) * 8 : mm::table_index<mm::Classic>(a) * 4)] = w.pte;
}

void StaleReplayer::forget_unused(const trace::State& s) {
    if (!learns_) return;
    std::set<uint64_t> entries;
    std::set<uint32_t> tables;
    naive_.each_entry([&](mm::PhysAddr at) { entries.insert(at.raw); });
    naive_.each_table([&](mm::Pfn table) { tables.insert(table.raw); });
    if (s.control.mode() == mm::PagingMode::pae)
        for (unsigned i = 0; i < 4; ++i) entries.insert((s.control.cr3 & 0xFFFFFFE0) + 8 * i);
    std::erase_if(memory_, [&](const auto& known) {
        return !entries.count(known.first) && !tables.count(mm::frame_of(mm::PhysAddr{known.first}).raw);
    });
}

void StaleReplayer::forget_all() {
    naive_.flush_all();
    unjudged_.clear();
}

// An event of `address_space` tells what memory holds, not of a write; it may belong to the lookup before it.
void StaleReplayer::handle(const trace::EntryWrite& e, const trace::State&) {
    if (e.how == mm::EntryWriter::address_space) return void(memory_[e.at.raw] = e.value);
    settle();
    ++compared_.entry_writes;
    const auto known = memory_.find(e.at.raw);
    if (learns_) naive_.write(e.at, e.value, known == memory_.end() ? std::nullopt : std::optional{known->second});
    const bool pdpte = state_.control.mode() == mm::PagingMode::pae && e.at.raw - (state_.control.cr3 & 0xFFFFFFE0) < 32;
    if (pdpte || memory_.count(e.at.raw) || naive_.names(mm::frame_of(e.at))) memory_[e.at.raw] = e.value;  // else the next may go unseen
}

bool StaleReplayer::apply(const trace::ObservedWalk& e, const trace::State&) { return learn(e.walk, true), true; }

// --- invalidations

// Every packet begins with one, perhaps between a lookup and what is found in it. If nothing else announces other registers, it was a reset or SMM.
void StaleReplayer::handle(const trace::State& e, const trace::State&) {
    const mm::Control &was = state_.control, &is = e.control;
    if (was.cr0 == is.cr0 && was.cr3 == is.cr3 && was.cr4 == is.cr4 && was.efer == is.efer) return;
    settle();
    if (was.cr0 != is.cr0 || was.cr3 != is.cr3 || was.cr4 != is.cr4) forget_all(), forget_unused(e);
    announced_ = false;
}

bool StaleReplayer::apply(const trace::ControlWrite& e, const trace::State& after) {
    const mm::Control &was = state_.control, &is = after.control;
    if (e.which == trace::EventId::cr3_write) naive_.flush_non_global(was.cr3 != is.cr3);
    else if (((was.cr0 ^ is.cr0) & mm::cr0_pg) || mm::cr4_write_flushes(was.cr4, is.cr4)) forget_all();
    else return true;
    return forget_unused(after), announced_ = true, false;
}

// One that leaves CR3 as it was invalidates nothing.
bool StaleReplayer::apply(const trace::TaskSwitch&, const trace::State& after) {
    if (after.control.cr3 == state_.control.cr3) return announced_ = true, false;
    return naive_.flush_non_global(true), forget_unused(after), announced_ = true, false;
}

bool StaleReplayer::apply(const trace::PdpteLoad& e, const trace::State& after) {
    for (unsigned i = 0; i < 4; ++i) memory_[(after.control.cr3 & 0xFFFFFFE0) + 8 * i] = e.pdpte[i];
    return false;
}

bool StaleReplayer::apply(const trace::InvalidatePage& e, const trace::State& s) {
    unjudged_.erase(mm::page_of(e.linear).raw);
    return naive_.flush_page(e.linear, s), forget_unused(s), announced_ = true, false;
}

bool StaleReplayer::apply(const trace::InvalidatePcid& e, const trace::State& s) {
    switch (e.type) {
    case trace::InvpcidType::address: naive_.flush_address(e.linear, s); break;
    case trace::InvpcidType::all_and_global: forget_all(); break;
    case trace::InvpcidType::context:
    case trace::InvpcidType::all: naive_.flush_non_global(); break;
    }
    return forget_unused(s), announced_ = true, false;
}

bool StaleReplayer::apply(const trace::PageFault& e, const trace::State& s) {
    return naive_.flush_fault(e.linear, s), forget_unused(s), announced_ = true, false;
}

// A flush that no other event announces is of everything: SMM, reset.
bool StaleReplayer::apply(const trace::Flush&, const trace::State& s) {
    if (!announced_) forget_all(), forget_unused(s);
    return false;
}

// --- lookups

// Only the very last can have walks still to come.
bool StaleReplayer::apply(const trace::References& e, const trace::State& s) {
    state_ = s;
    for (unsigned n = 0; n < e.count; ++n) {
        trace::Reference r = e.at(n);
        const bool last = n + 1 == e.count;
        for (unsigned times = last ? r.repeats : r.repeats + 1; times > 0; --times) look_up(r);
        if (last) last_ = r;
    }
    return true;
}

void StaleReplayer::look_up(const trace::Reference& r) {
    ++compared_.lookups;
    const mm::VirtAddr a = mm::address(r.page);
    const NaiveStale::Outcome as_program = naive_.judge(a, {r.access.kind, true}, state_);
    NaiveStale::Outcome o = naive_.look_up(a, r.access, state_);
    if (!o.judged) ++compared_.unjudged, unjudged_.insert(r.page.raw);
    if (!r.access.user && !o.open_to_user)
        for (Finding f : as_program.findings)
            if (std::find(o.findings.begin(), o.findings.end(), f) == o.findings.end()) f.certain = false, o.findings.push_back(f);
    for (Finding& f : o.findings) f.blame_open |= learns_ && f.table_unseen;
    count(o.findings);
    for (const trace::Stale& e : std::exchange(found_, {})) compare(e, o.findings, o.judged && unjudged_.count(r.page.raw) == 0);
}

void StaleReplayer::settle() {
    if (const auto r = std::exchange(last_, {})) look_up(*r);
    if (!found_.empty()) throw Difference{"a use of a stale translation is recorded where there was no lookup: " + describe(found_.front())};
}

// --- what is found

void StaleReplayer::count(const Findings& found) {
    if (found.empty()) return;
    ++compared_.stale_lookups;
    std::set<Class> all;
    const bool certain = std::any_of(found.begin(), found.end(), [](const Finding& f) { return f.certain; });
    for (const Finding& f : found) {
        all.insert({f.kind, f.level});
        if (f.blame_open) all.insert({f.kind, mm::TableLevel::pde}), all.insert({f.kind, mm::TableLevel::pte});
        if (f.through_directory) all.insert({mm::StaleKind::table_freed, f.level});
    }
    for (const Class& c : all) {
        Uses& u = uses_[c];
        ++u.most;
        if (all.size() == 1 && certain) ++u.least;
    }
}

void StaleReplayer::compare(const trace::Stale& e, const Findings& found, bool judged) {
    if (e.site != sites_.size()) throw Difference{"site " + std::to_string(e.site) + " comes after " + std::to_string(sites_.size()) + " others"};
    sites_.push_back({{e.kind, e.level}});
    if (e.kind == mm::StaleKind::freed_table_used) return;
    if (std::any_of(found.begin(), found.end(), [&](const Finding& f) { return same(f, e); })) return;
    if (!judged) return void(++compared_.unproven);
    std::string all = found.empty() ? "nothing" : "";
    for (const Finding& f : found) all += (all.empty() ? "" : "; ") + describe(f);
    throw Difference{"at " + hex(e.linear.raw) + " is recorded: " + describe(e) + ", but found: " + all};
}

bool StaleReplayer::apply(const trace::StaleUses& e, const trace::State&) {
    if (e.site >= sites_.size()) throw Difference{"uses of a site that was not recorded"};
    sites_[e.site].uses = e.uses;
    return true;
}

// What was not judged may have been stale. A recording that tells of no write to page tables was made without the detector.
void StaleReplayer::finish() {
    settle();
    compared_.sites = sites_.size();
    if (compared_.entry_writes == 0 && sites_.empty()) return;
    for (const Site& s : sites_) {
        compared_.uses += s.uses;
        if (s.of.first != mm::StaleKind::freed_table_used) uses_[s.of].recorded += s.uses;
    }
    for (const auto& [c, u] : uses_) {
        if (u.recorded >= u.least && (u.recorded <= u.most || compared_.unjudged > 0)) continue;
        throw Difference{std::string{mm::name(c.first)} + " of " + mm::name(c.second) + ": " + std::to_string(u.least) + " to " + std::to_string(u.most) +
                         " uses are found, but recorded are " + std::to_string(u.recorded)};
    }
}

}  // namespace reference
