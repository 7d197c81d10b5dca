// SPDX-License-Identifier: LGPL-2.1-or-later
// The engine as one profile's TLBs at a moment: lookups as early as they are certain, and states to go on from.
#include "replay_engine.hpp"

#include <algorithm>

namespace tools {

namespace trace = mm::trace;

ReplayEngine::ReplayEngine(const Profile& recorded, uint32_t most_translations) : ReplayEngine{{recorded}, false, true, most_translations} {}

void ReplayEngine::settle_until(size_t end) {
    for (; next_ < end; ++next_) {
        const trace::Reference& r = waiting_[next_];
        if (!(*models_)[0].serves(r.page.raw, r.access, state_.control)) return;
        look_up_asked(r);
    }
}

void ReplayEngine::look_up_served(size_t end) {
    for (settle_until(end); next_ < end; settle_until(end)) ++next_, ++untold_;
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
    const trace::Reference& r = waiting_[next_++];
    look_up_asked(r);
    settle();
    return true;
}

// What is held of the page has gone, however it went.
void ReplayEngine::take_alone(const trace::ModelWalk& e, const trace::State& after) {
    flush();
    know(e.walk, after);
    (void)(*models_)[0].flush_faulting(e.walk.page.raw, mm::RefillCause::evicted);
    look_up(trace::Reference{e.walk.page, e.walk.access, 0});
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
