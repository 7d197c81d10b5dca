// SPDX-License-Identifier: LGPL-2.1-or-later
// The comparison of a recording with the reference model, event by event.
#include "replayer.hpp"

#include <cstdio>

namespace reference {
namespace {

namespace trace = mm::trace;

std::string hex(uint64_t n) {
    char text[32];
    std::snprintf(text, sizeof text, "0x%llX", static_cast<unsigned long long>(n));
    return text;
}
std::string describe(const trace::Reference& r) {
    constexpr const char* kinds[] = {"read", "write", "execute"};
    return std::string{r.access.user ? "user " : "supervisor "} + kinds[static_cast<unsigned>(r.access.kind)] + " of page " + hex(r.page.raw);
}
std::string describe(const Dropped& d) {
    return std::to_string(d.instruction) + " instruction, " + std::to_string(d.data) + " data, " + std::to_string(d.second) + " second-level and " +
           std::to_string(d.pde) + " directory entries";
}
bool drops_anything(const Dropped& d) { return d.instruction + d.data + d.second + d.pde != 0; }

}  // namespace

Replayer::Replayer(const std::vector<mm::MmuGeometry>& profiles) {
    for (const mm::MmuGeometry& g : profiles) models_.push_back({g, Reference{g}});
}

void Replayer::finish() { settle(); }

void Replayer::settle() {
    for (size_t p = 0; p < models_.size(); ++p)
        if (walking_ >> p & 1) differ(models_[p], "the " + describe(lookups_.front()) + " walks, but no such walk is recorded");
    settle_flush();
}

// --- flushes

void Replayer::check(const trace::ControlWrite& e, const mm::Control& after) {
    settle();
    if (e.which == trace::EventId::cr3_write) expect_flush(Flushes::non_global, {});
    if (e.which == trace::EventId::cr0_write && (after.cr0 ^ control_.cr0) & mm::cr0_pg) expect_flush(Flushes::all, {});
    if (e.which == trace::EventId::cr4_write && mm::cr4_write_flushes(control_.cr4, after.cr4)) expect_flush(Flushes::all, {});
}

void Replayer::check(const trace::InvalidatePcid& e, const mm::Control&) {
    switch (e.type) {
    case trace::InvpcidType::address: return expect_flush(Flushes::address, e.linear);
    case trace::InvpcidType::all_and_global: return expect_flush(Flushes::all, {});
    case trace::InvpcidType::context:
    case trace::InvpcidType::all: return expect_flush(Flushes::non_global, {});
    }
}

void Replayer::expect_flush(Flushes kind, mm::VirtAddr a) {
    settle();
    flushing_ = kind, flushed_ = a, flushed_by_ = 0;
}

// A flush that no other event announces is of everything: SMM, reset.
void Replayer::check(const trace::Flush& e, const mm::Control&) {
    if (flushing_ == Flushes::none) expect_flush(Flushes::all, {});
    Model& m = models_.at(e.profile);
    if (flushed_by_ >> e.profile & 1) differ(m, "two flush events for one flush");
    flushed_by_ |= Profiles{1} << e.profile;
    const Dropped mine = flush(m, e.cause);
    const Dropped recorded{e.dropped.instruction, e.dropped.data, e.dropped.second, e.dropped.pde};
    ++compared_.flushes;
    if (mine.instruction != recorded.instruction || mine.data != recorded.data || mine.second != recorded.second || std::min(mine.pde, 255u) != recorded.pde)
        differ(m, std::string{"the flush for "} + mm::name(e.cause) + " drops " + describe(mine) + ", but recorded are " + describe(recorded));
}

// Of a profile whose flush event did not come nothing was dropped, so that the cause does not matter.
void Replayer::settle_flush() {
    if (flushing_ == Flushes::none) return;
    for (size_t p = 0; p < models_.size(); ++p) {
        if (flushed_by_ >> p & 1) continue;
        const Dropped mine = flush(models_[p], Cause::control);
        if (drops_anything(mine)) differ(models_[p], "a flush drops " + describe(mine) + ", but none is recorded");
    }
    flushing_ = Flushes::none;
}

Dropped Replayer::flush(Model& m, Cause cause) {
    switch (flushing_) {
    case Flushes::none: break;
    case Flushes::non_global: return m.mmu.flush_non_global(cause, control_);
    case Flushes::all: return m.mmu.flush_all(cause);
    case Flushes::page: return m.mmu.flush_page(cause, flushed_);
    case Flushes::address: return m.mmu.flush_address(cause, flushed_, control_);
    case Flushes::fault: return m.mmu.flush_fault(cause, flushed_, control_);
    }
    return {};
}

// --- lookups and walks

void Replayer::check(const trace::References& e, const mm::Control& c) {
    settle_flush();
    for (unsigned n = 0; n < e.count; ++n) lookups_.push_back(e.at(n));
    make_lookups(c);
}

void Replayer::check(const trace::ModelWalk& e, const mm::Control& c) {
    settle_flush();
    const std::string what = describe(trace::Reference{e.walk.page, e.walk.access});
    if (compared_.lookups == 0) differ("a walk is recorded, but there are no references in it");
    if (!walking_) differ("a walk for a " + what + " is recorded, but every lookup so far is served");
    const trace::Reference& next = lookups_.front();
    if (next.page != e.walk.page || next.access.kind != e.walk.access.kind || next.access.user != e.walk.access.user)
        differ("a walk for a " + what + " is recorded, but the next lookup that walks is a " + describe(next));
    for (size_t p = 0; p < models_.size(); ++p) {
        if (!(e.profiles >> p & 1)) continue;
        if (!(walking_ >> p & 1)) differ(models_[p], "a walk for the " + what + " is recorded, but it is served");
        walking_ &= ~(Profiles{1} << p);
        walk(p, e, c);
    }
    make_lookups(c);
}

void Replayer::make_lookups(const mm::Control& c) {
    while (!walking_ && !lookups_.empty()) {
        trace::Reference& next = lookups_.front();
        if (made_) {
            made_ = false;
            if (next.repeats == 0) { lookups_.pop_front(); continue; }
            --next.repeats;
        }
        bool all_in_first = true;
        for (size_t p = 0; p < models_.size(); ++p) {
            const ServedBy by = models_[p].mmu.look_up(mm::address(next.page), next.access, c);
            if (by == ServedBy::walk) walking_ |= Profiles{1} << p;
            all_in_first &= by == ServedBy::first_level;
        }
        ++compared_.lookups;
        made_ = true;
        if (!all_in_first) continue;
        for (Model& m : models_) m.mmu.count_repeats(next.access, next.repeats);
        compared_.lookups += next.repeats;
        next.repeats = 0;
    }
}

void Replayer::walk(size_t profile, const trace::ModelWalk& recorded, const mm::Control& c) {
    Model& m = models_[profile];
    const trace::WalkRecord& w = recorded.walk;
    const PageTables entries{[&](mm::VirtAddr) { return w.reads ? std::optional{w.pde} : std::nullopt; }, [&](mm::VirtAddr, uint64_t) { return w.pte; }};
    const Outcome o = m.mmu.walk_and_fill(mm::address(w.page), w.access, c, entries);
    ++compared_.walks, compared_.faults += o.fault;
    const bool cached = recorded.cached >> profile & 1;
    if (cached != o.pde_cached)
        differ(m, "the directory entry of the " + describe(trace::Reference{w.page, w.access}) + (cached ? " was cached, says the recording" : " is cached, but not in the recording"));
    compare(m, recorded, o);
}

void Replayer::compare(const Model& m, const trace::ModelWalk& recorded, const Outcome& o) const {
    const std::string what = describe(trace::Reference{recorded.walk.page, recorded.walk.access}) + ": ";
    const auto same = [&](const char* name, const std::string& mine, const std::string& theirs) {
        if (mine != theirs) differ(m, what + name + " is " + mine + ", but recorded is " + theirs);
    };
    same("the cause", mm::name(o.cause), mm::name(recorded.cause));
    same("the fault", std::to_string(o.fault), std::to_string(recorded.walk.fault));
    same("the number of entries", std::to_string(o.reads), std::to_string(recorded.walk.reads));
    same("the directory entry", hex(o.pde), hex(recorded.walk.pde));
    same("the table entry", hex(o.pte), hex(recorded.walk.pte));
}

// --- counters

void Replayer::check(const trace::SecondHits& e, const mm::Control&) {
    settle();
    models_.at(e.profile).second_hits += e.hits;
}

void Replayer::compare_second_hits(const Model& m) const {
    if (m.mmu.second_hits() != m.second_hits)
        differ(m, "the second level has served " + std::to_string(m.mmu.second_hits()) + " lookups, but recorded are " + std::to_string(m.second_hits));
}

void Replayer::check(const trace::SpanEdge&, const mm::Control&) {
    settle();
    for (const Model& m : models_) compare_second_hits(m);
}

void Replayer::check(const trace::Counters& e, const mm::Control&) {
    settle();
    const Model& m = models_.at(e.profile);
    compare(m, "instruction", m.mmu.instruction_counts(), e.instruction);
    compare(m, "data", m.mmu.data_counts(), e.data);
    compare_second_hits(m);
    ++compared_.counters;
}

void Replayer::compare(const Model& m, const char* side, const Counts& mine, const mm::LookupCounts& recorded) const {
    const auto same = [&](const char* name, uint64_t a, uint64_t b) {
        if (a != b) differ(m, std::string{side} + " " + name + " are " + std::to_string(a) + ", but recorded are " + std::to_string(b));
    };
    same("lookups", mine.lookups, recorded.lookups);
    same("misses", mine.misses, recorded.misses);
    same("walks", mine.walks, recorded.walks);
}

}  // namespace reference
