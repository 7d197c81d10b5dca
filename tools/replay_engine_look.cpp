// SPDX-License-Identifier: LGPL-2.1-or-later
// The engine as one profile's TLBs at a moment: lookups as early as they are certain, and states to go on from.
#include "replay_engine.hpp"

#include <algorithm>
#include <utility>

namespace tools {

namespace trace = mm::trace;

namespace {

// A walk that found what is allowed only with EFLAGS.AC, and did not fault, had it.
mm::Access access_of(const trace::WalkRecord& w, const trace::State& state) {
    return {w.access.kind, w.access.user, !w.fault && mm::decided_by_ac(trace::view(w, state).translation.permissions, w.access, state.control)};
}

}  // namespace

ReplayEngine::ReplayEngine(const Profile& recorded, uint32_t most_translations) : ReplayEngine{{recorded}, false, true, most_translations} {}

// References do not tell EFLAGS.AC: if an entry serves the kernel only with it, and no walk is told, it was set.
bool ReplayEngine::serves(trace::Reference& r, bool without_walk) {
    mm::MmuModel& model = (*models_)[0];
    if (model.serves(r.page.raw, r.access, state_.control)) return true;
    r.access.ac = without_walk && !r.access.user;
    return r.access.ac && model.serves(r.page.raw, r.access, state_.control);
}

// A walk is told right behind the lookup that makes it: those before the last one made none that is not told.
void ReplayEngine::settle_until(size_t end, size_t without_walk) {
    for (; next_ < end; ++next_) {
        trace::Reference r = waiting_[next_];
        if (!serves(r, next_ < without_walk)) return;
        look_up_asked(r);
    }
}

void ReplayEngine::look_up_served(size_t end) {
    for (settle_until(end, end); next_ < end; settle_until(end, end)) ++next_, ++untold_;
}

// Nobody is served unasked because somebody else was: an entry may forbid the one what it allows the other.
void ReplayEngine::look_up_asked(const trace::Reference& r) {
    models_->shared().withdraw_from_all(r.page.raw);
    look_up(r);
}

bool ReplayEngine::take_own(const trace::ModelWalk& e, const trace::State& after) {
    flush();
    settle();
    const auto own = std::find_if(waiting_.begin() + static_cast<ptrdiff_t>(next_), waiting_.end(), [&](const trace::Reference& r) {
        return r.page == e.walk.page && r.access.kind == e.walk.access.kind;
    });
    if (own == waiting_.end()) return take_alone(e, after), false;
    look_up_served(static_cast<size_t>(own - waiting_.begin()));
    know(e.walk, after);
    trace::Reference r = waiting_[next_++];
    if (r.repeats != 0) {
        trace::Reference served{r.page, r.access, std::exchange(r.repeats, 0) - 1};
        if (serves(served, true)) look_up_asked(served);
        else ++untold_;
    }
    r.access = access_of(e.walk, after);
    look_up_asked(r);
    settle();
    return true;
}

// What is held of the page has gone, however it went.
void ReplayEngine::take_alone(const trace::ModelWalk& e, const trace::State& after) {
    flush();
    know(e.walk, after);
    (void)(*models_)[0].flush_faulting(e.walk.page.raw, mm::RefillCause::evicted);
    look_up(trace::Reference{e.walk.page, access_of(e.walk, after), 0});
}

ReplayEngine::Saved ReplayEngine::save() {
    Saved s{state_, clock_, models_->shared().large_shift(), flush_, untold_, {waiting_.begin() + static_cast<ptrdiff_t>(next_), waiting_.end()}, {}, {}, {}};
    mm::MmuModel& model = (*models_)[0];
    model.each_level([&](mm::MmuModel::Level level, const mm::LevelTlbs& tlbs) {
        tlbs.each_tlb([&](const mm::Tlb& tlb, bool large) {
            s.randoms.push_back(tlb.random());
            tlb.each_valid([&](const mm::TlbEntry& e) {
                s.entries.push_back({level, large, tlb.index(e), e});
                s.entries.back().entry.used = tlbs.last_use(e), s.entries.back().entry.translation = 0;
            });
        });
    });
    s.randoms.push_back(model.pde_cache().tlb().random());
    model.pde_cache().each_valid([&](unsigned place, const mm::TlbEntry& e, uint64_t value) { s.directories.push_back({place, e, value}); });
    return s;
}

// No page is known afterwards. Walks are of pages that the trace has just told; for lookups that are served it makes no difference, since
// all of them are asked.
void ReplayEngine::restore(const Saved& s) {
    mm::MmuModel& model = (*models_)[0];
    (void)model.flush_all(mm::RefillCause::control);
    models_->set_large_page(s.large_shift);
    pages_.clear(), regions_.clear(), known_.clear(), known_large_.clear();
    state_ = s.state, clock_ = s.clock, flush_ = s.flush, untold_ = s.untold, waiting_ = s.waiting, next_ = 0;
    for (const Saved::Entry& e : s.entries) model.level(e.level).put_back(e.in_large, e.place, e.entry);
    for (const Saved::Directory& d : s.directories) model.pde_cache().put_back(d.place, d.entry, d.value);
    size_t n = 0;
    const mm::MmuModel& which = model;
    which.each_level([&](mm::MmuModel::Level level, const mm::LevelTlbs&) { model.level(level).each_tlb([&](mm::Tlb& tlb, bool) { tlb.set_random(s.randoms[n++]); }); });
    model.pde_cache().tlb().set_random(s.randoms[n]);
}

}  // namespace tools
