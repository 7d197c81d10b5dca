// SPDX-License-Identifier: LGPL-2.1-or-later
// Compares the model's entries with what was there before, where an event can have changed them.
#include "tools/view/tlb_follower.hpp"

#include "tools/profile_geometry.hpp"

namespace tools::view {
namespace {

namespace trace = mm::trace;
using Level = mm::MmuModel::Level;

constexpr uint32_t most_causes = 4096;  // translations whose causes are kept: nobody asks for them here

TlbView empty_view(std::string name, const mm::TlbGeometry& g) { return {std::move(name), g.sets(), g.ways, std::vector<TlbEntryView>(g.entries)}; }

}  // namespace

TlbFollower::TlbFollower(const Recording& recording) : recording_{recording} { make_engine(); }

void TlbFollower::make_engine() {
    places_.clear(), views_.clear(), out_of_turn_ = 0;
    if (!recording_.has_profile || mm::inconsistency(to_geometry(recording_.profile))) return;
    engine_ = std::make_unique<ReplayEngine>(recording_.profile, most_causes);
    const mm::MmuModel& model = engine_->first_model();
    model.each_level([&](Level level, const mm::LevelTlbs& tlbs) {
        tlbs.each_tlb([&](const mm::Tlb& tlb, bool large) {
            places_.push_back({level, large ? mm::TlbPages::large : tlbs.shared() ? mm::TlbPages::both : mm::TlbPages::small, &tlb});
            views_.push_back(empty_view("", tlb.geometry()));
        });
    });
    if (model.pde_cache().exists()) views_.push_back(empty_view(mm::pde_cache_name, model.pde_cache().geometry()));
}

std::vector<TlbView> TlbFollower::views() const {
    std::vector<TlbView> views = views_;
    for (size_t n = 0; n < places_.size(); ++n)
        views[n].name = mm::tlb_name(engine_->first_model().geometry(), places_[n].level, places_[n].pages, engine_->shared().large_shift()).text;
    return views;
}

void TlbFollower::see(const trace::References& e, const trace::State& after) {
    const uint64_t second_hits = engine_->first_model().second_hits();
    engine_->take(e, after);
    engine_->settle();
    if (engine_->first_model().second_hits() != second_hits) notice_refills();
}

void TlbFollower::see(const trace::ModelWalk& e, const trace::State& after) {
    if (!recording_.walked(e.profiles)) return;
    const uint64_t second_hits = engine_->first_model().second_hits();
    if (recording_.references) out_of_turn_ += !engine_->take_own(e, after);
    else engine_->take_alone(e, after);
    notice_walk(e);
    if (engine_->first_model().second_hits() != second_hits) notice_refills();
    else if (engine_->first_model().geometry().inclusion != mm::Inclusion::neither) notice_all();
}

// The other profiles' flushes are not this one's.
void TlbFollower::see(const trace::Flush& e, const trace::State& after) {
    if (e.profile != recording_.number) return;
    engine_->take(e, after);
    engine_->flush_now();
}

// Nearly always nothing has changed. `just_filled`: by this event, perhaps with what was there before.
void TlbFollower::notice(TlbView& view, unsigned place, const mm::Tlb& tlb, bool just_filled) {
    const mm::TlbEntry& e = tlb.entry(place);
    TlbEntryView& v = view.entries[place];
    if (!tlb.valid(e)) {
        if (v.valid) v.valid = false, v.dropped = time_;
        return;
    }
    const uint32_t page = e.large ? e.page << (engine_->shared().large_shift() - mm::page_shift) : e.page;
    const bool same = v.valid && v.page == page && v.frame == e.frame.raw && v.large == e.large;
    const bool same_rights = v.global == e.permissions.global && v.user == e.permissions.user && v.writable == e.permissions.write;
    if (same && same_rights && !just_filled) return;
    if (v.valid && !same) v.dropped = time_;
    v.filled = time_;
    v.valid = true, v.large = e.large, v.fragment = e.fragment, v.page = page, v.frame = e.frame.raw;
    v.global = e.permissions.global, v.user = e.permissions.user, v.writable = e.permissions.write;
}

void TlbFollower::notice_all() {
    for (size_t n = 0; n < places_.size(); ++n)
        for (unsigned place = 0; place < views_[n].entries.size(); ++place) notice(views_[n], place, *places_[n].tlb, false);
    notice_directories();
}

// One that comes with no flush drops the cached directory entries.
void TlbFollower::see(const trace::PdpteLoad& e, const trace::State& after) {
    engine_->take(e, after);
    notice_directories();
}

// The second level has filled the first. If it is exclusive, the two have changed places.
void TlbFollower::notice_refills() {
    if (engine_->first_model().geometry().inclusion != mm::Inclusion::neither) return notice_all();
    for (size_t n = 0; n < places_.size(); ++n)
        if (places_[n].first_level())
            for (unsigned place = 0; place < views_[n].entries.size(); ++place) notice(views_[n], place, *places_[n].tlb, false);
}

// A walk fills, and makes room, in the sets of its page; a large page puts small ones of it out.
void TlbFollower::notice_walk(const trace::ModelWalk& e) {
    const uint32_t large = engine_->shared().large_page(e.walk.page.raw);
    const bool maps_large = e.walk.reads == 1 && !e.walk.fault;
    for (size_t n = 0; n < places_.size(); ++n) {
        const mm::Tlb& tlb = *places_[n].tlb;
        const bool fills = !e.walk.fault && engine_->first_model().fills(places_[n].level, e.walk.access.kind);
        for (const bool is_large : {false, true}) {
            if (is_large != (places_[n].pages == mm::TlbPages::large) && places_[n].pages != mm::TlbPages::both) continue;
            const uint32_t page = is_large ? large : e.walk.page.raw;
            const unsigned first = tlb.first_of_set(page);
            for (unsigned place = first; place < first + tlb.geometry().ways; ++place) {
                const mm::TlbEntry& entry = tlb.entry(place);
                notice(views_[n], place, tlb, fills && entry.large == is_large && entry.page == page && (!is_large || maps_large));
            }
        }
    }
    if (maps_large) notice_all();
    else notice_directories();
}

void TlbFollower::notice_directories() {
    const mm::PdeCache& cache = engine_->first_model().pde_cache();
    if (!cache.exists()) return;
    TlbView& view = views_.back();
    std::vector<bool> valid(view.entries.size());
    cache.each_valid([&](unsigned place, const mm::TlbEntry& e, uint64_t value) {
        valid[place] = true;
        TlbEntryView& v = view.entries[place];
        const mm::Entry<mm::Pae> pde{value};
        const uint32_t page = e.page << (engine_->shared().large_shift() - mm::page_shift);
        const bool same = v.valid && v.page == page && v.frame == pde.frame().raw;
        if (v.valid && !same) v.dropped = time_;
        if (!same || v.user != pde.user() || v.writable != pde.writable()) v.filled = time_;
        v.valid = true, v.page = page, v.frame = pde.frame().raw, v.user = pde.user(), v.writable = pde.writable();
    });
    for (size_t place = 0; place < valid.size(); ++place)
        if (!valid[place] && view.entries[place].valid) view.entries[place].valid = false, view.entries[place].dropped = time_;
}

size_t TlbFollower::Saved::bytes() const {
    size_t bytes = sizeof *this + engine.bytes();
    for (const TlbView& v : views) bytes += v.entries.size() * sizeof(TlbEntryView);
    return bytes;
}

std::shared_ptr<const TlbFollower::Saved> TlbFollower::save() const {
    return engine_ ? std::make_shared<const Saved>(Saved{engine_->save(), views_, out_of_turn_}) : nullptr;
}

void TlbFollower::restore(const Saved* saved) {
    if (!saved) return make_engine();
    engine_->restore(saved->engine);
    views_ = saved->views, out_of_turn_ = saved->out_of_turn;
}

}  // namespace tools::view
