// SPDX-License-Identifier: LGPL-2.1-or-later
// Compares each snapshot with those before.
#include "tools/view/live_history.hpp"

#include <algorithm>

#include "tools/cost_model.hpp"

namespace tools::view {
namespace {

// Where the entries lay is not counted live: they are taken to be in the nearest cache.
double least_cycles(uint64_t walks, uint64_t reads, const Prices& prices) {
    return static_cast<double>(walks) * prices[static_cast<size_t>(Charge::walk)].best + static_cast<double>(reads) * prices[static_cast<size_t>(Charge::read)].best;
}

bool same_place(const TlbView& a, const TlbView& b) { return a.name == b.name && a.sets == b.sets && a.ways == b.ways; }
bool same_translation(const TlbEntryView& a, const TlbEntryView& b) { return a.page == b.page && a.frame == b.frame && a.large == b.large; }

}  // namespace

void LiveHistory::forget() {
    moments_.clear(), tlbs_.clear(), strips_.clear();
    linear_ = {};
}

void LiveHistory::complete(LiveFrame& frame, const Profile* profile) {
    Snapshot& s = frame.shown;
    if (s.profile != profile_ || s.cpu != cpu_ || frame.counted_since != counted_since_) forget();
    profile_ = s.profile, cpu_ = s.cpu, counted_since_ = frame.counted_since;
    if (profile) {
        const Prices prices = prices_of(*profile);
        for (size_t n = 0; n < s.zones.size(); ++n) s.zones[n].cycles = least_cycles(s.zones[n].walks, frame.zone_reads[n], prices);
    }
    if (frame.last && s.linear.slots.empty() && linear_.slot_shift == s.linear.slot_shift) s.linear.slots = linear_.slots;
    mark_recent(frame);
    date_entries(s);
    strips_.take(s);
    s.strips = strips_.strips(s);
    linear_ = s.linear;
}

void LiveHistory::mark_recent(LiveFrame& frame) {
    Snapshot& s = frame.shown;
    s.memory.recent_ticks = strips_.interval() * recent_intervals;
    if (!moments_.empty() && (moments_.back().bins.size() != s.memory.bins.size() || moments_.back().tick > s.tick)) moments_.clear();
    const uint64_t since = s.tick - std::min(s.tick, s.memory.recent_ticks);
    while (moments_.size() > 1 && (moments_[1].tick <= since || moments_.size() >= most_moments)) moments_.pop_front();
    moments_.push_back({s.tick, s.memory.bins, s.linear.slots});
    const Moment& then = moments_.front();
    const auto more = [](uint64_t now, uint64_t before) { return now - std::min(now, before); };
    for (size_t n = 0; n < s.memory.bins.size(); ++n) {
        HeatBin& bin = s.memory.bins[n];
        bin.recent_walks = more(bin.walks, then.bins[n].walks), bin.recent_fills = more(bin.fills, then.bins[n].fills);
    }
    if (then.slots.size() != s.linear.slots.size()) return;
    for (size_t n = 0; n < s.linear.slots.size(); ++n) s.linear.slots[n].recent_walks = more(s.linear.slots[n].walks, then.slots[n].walks);
}

// An entry that was there before keeps its time; one that has gone shows what it was.
void LiveHistory::date_entries(Snapshot& s) {
    s.tlb_dates_exact = false;
    const bool comparable = tlbs_.size() == s.tlbs.size() && std::equal(tlbs_.begin(), tlbs_.end(), s.tlbs.begin(), same_place);
    for (size_t t = 0; t < s.tlbs.size(); ++t) {
        for (size_t n = 0; n < s.tlbs[t].entries.size(); ++n) {
            TlbEntryView& now = s.tlbs[t].entries[n];
            const TlbEntryView before = comparable ? tlbs_[t].entries[n] : TlbEntryView{};
            if (now.valid && before.valid && same_translation(now, before)) now.filled = before.filled, now.dropped = before.dropped;
            else if (now.valid) now.filled = s.tick, now.dropped = before.valid ? s.tick : before.dropped;
            else if (before.valid) now = before, now.valid = false, now.dropped = s.tick;
            else now = before;
        }
    }
    tlbs_ = s.tlbs;
}

}  // namespace tools::view
