// SPDX-License-Identifier: LGPL-2.1-or-later
// Takes events one by one.
#include "tools/view/follower.hpp"

#include "tools/printable.hpp"
#include "tools/walk_places.hpp"

namespace tools::view {
namespace {

namespace trace = mm::trace;

double best(const Prices& prices, Charge charge, size_t more = 0) { return prices[static_cast<size_t>(charge) + more].best; }

}  // namespace

Follower::Follower(Recording& r)
    : recording_{&r}, running_{r.run.tasks}, zones_(r.zones.count()), regions_(r.regions.count()), bins_(r.bins), lines_{r.profile},
      strips_{r.interval, r.zones.count()} {}

void Follower::ended(mm::Pfn frame, mm::Vpn page, bool translated, bool fill) {
    if (translated && frame.raw < recording_->end_pfn) {
        Bin& bin = bins_[frame.raw >> recording_->bin_shift];
        ++(fill ? bin.fills : bin.walks);
    }
    recent_.add({time_, frame, page, translated, fill});
}

void Follower::see(const trace::ObservedWalk& e, const trace::State& s) {
    const WalkPlaces at = places(e.walk, s);
    if (e.walk.reads > 0) entries_.learn(at.pde_at, e.walk.pde, time_);
    if (e.walk.reads > 1) entries_.learn(at.pte_at, e.walk.pte, time_);
    if (e.walk.fault) return;
    ++zones_[zone_of(recording_->zones, e.walk, at)].fills;
    ++regions_[region_of(recording_->regions, e.walk)].fills;
    ended(at.frame, e.walk.page, true, true);
}

void Follower::see(const trace::LongWalkRecord& e, const trace::State& s) {
    if (e.fault) return;
    const mm::Pfn frame = trace::view(e, s).translation.frame;
    ++zones_[recording_->zones.of(frame)].fills;
    ++regions_[recording_->regions.of_long(e.page << mm::page_shift)].fills;
    ended(frame, {}, true, true);
}

void Follower::see(const trace::ModelWalk& e, const trace::State& s) {
    const WalkPlaces at = places(e.walk, s);
    // A directory entry that every one of the walkers had cached may be out of date.
    const uint16_t walked = e.profiles & recording_->all_profiles();
    if (e.walk.reads > 0 && (e.cached & walked) != walked) entries_.learn(at.pde_at, e.walk.pde, time_);
    if (e.walk.reads > 1) entries_.learn(at.pte_at, e.walk.pte, time_);
    if (!recording_->walked(e.profiles)) return;
    const unsigned zone_number = zone_of(recording_->zones, e.walk, at);
    Place &zone = zones_[zone_number], &region = regions_[region_of(recording_->regions, e.walk)];
    double cycles = best(recording_->prices, Charge::walk);
    const auto read = [&](mm::PhysAddr entry) {
        const unsigned segment = lines_.read(entry);
        ++zone.walks.reads[segment], ++region.walks.reads[segment];
        cycles += best(recording_->prices, Charge::read, segment);
    };
    if (e.walk.reads > 0 && !(e.cached >> recording_->number & 1)) read(at.pde_at);
    if (e.walk.reads > 1) read(at.pte_at);
    ++zone.walks.walks, ++region.walks.walks;
    if (mm::is_flush(e.cause)) ++zone.refills, ++region.refills;
    strips_.walk(time_, zone_number, cycles);
    ++slots_[e.walk.page.raw >> (mm::region_shift - mm::page_shift)];
    ended(at.frame, e.walk.page, !e.walk.fault, false);
}

void Follower::see(const trace::EntryWrite& e, const trace::State& s) {
    const bool narrow = s.control.mode() != mm::PagingMode::pae;
    entries_.learn(e.at, narrow ? e.value & UINT32_MAX : e.value, time_);
}

void Follower::see(const trace::Flush& e, const trace::State&) {
    if (!recording_->has_profile || e.profile != recording_->number || !mm::is_flush(e.cause)) return;
    const unsigned cause = static_cast<unsigned>(e.cause);
    Flushes& f = flushes_[cause - first_flush_cause];
    ++f.all, f.dropping += e.dropped.instruction + e.dropped.data + e.dropped.second != 0;
    strips_.flush(time_, cause);
}

void Follower::see(const trace::SpanName& e, const trace::State&) { recording_->span_names[e.span] = printable(e.text); }

// As SpanStack: an end without its begin, or of another span, is passed over.
void Follower::see(const trace::SpanEdge& e, const trace::State&) {
    instructions_.advance(e.instructions);
    if (e.which == trace::EventId::span_begin) {
        if (spans_.size() < most_open_spans) spans_.push_back(e.span);
        else ++deeper_spans_;
    } else if (deeper_spans_) {
        --deeper_spans_;
    } else if (!spans_.empty() && spans_.back() == e.span) {
        spans_.pop_back();
    }
}

size_t Follower::own_bytes() const {
    return sizeof *this + (zones_.size() + regions_.size()) * sizeof(Place) + bins_.size() * sizeof(Bin) + strips_.bytes() +
           RecentWalks::most * sizeof(RecentWalks::Walk) + lines_.bytes() + entries_.own_bytes();
}

}  // namespace tools::view
