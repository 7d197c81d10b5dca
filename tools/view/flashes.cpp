// SPDX-License-Identifier: LGPL-2.1-or-later
// Times of the last changes, beside the entries of each TLB.
#include "flashes.hpp"

namespace tools::view {

void Flashes::mark(const Snapshot& now, uint64_t after, uint64_t milliseconds) {
    times_.resize(now.tlbs.size());
    now_ = milliseconds;
    for (size_t t = 0; t < now.tlbs.size(); ++t) {
        times_[t].resize(now.tlbs[t].entries.size());
        for (size_t e = 0; e < times_[t].size(); ++e) {
            const TlbEntryView& entry = now.tlbs[t].entries[e];
            const bool filled = entry.valid && entry.filled > after, dropped = !entry.valid && entry.dropped > after;
            if (filled) times_[t][e].fill = milliseconds + 1;
            if (dropped) times_[t][e].drop = milliseconds + 1;
            if (filled || dropped) newest_ = milliseconds;
        }
    }
    tick_ = now.tick;
}

void Flashes::follow(const Snapshot& now, uint64_t milliseconds) {
    if (now.tick < tick_ || now.tlbs.size() != times_.size()) return jump(now, milliseconds);
    if (!fading_) times_.clear();
    mark(now, tick_, milliseconds);
}

void Flashes::jump(const Snapshot& now, uint64_t milliseconds) {
    times_.clear();
    mark(now, now.last.tick == 0 ? UINT64_MAX : now.last.tick - 1, milliseconds);
}

void Flashes::set_fading(bool fading, uint64_t milliseconds) {
    fading_ = fading;
    now_ = newest_ = milliseconds;
}

double Flashes::strength(uint64_t time) const {
    if (time == 0) return 0;
    if (!fading_) return 1;
    const uint64_t age = now_ + 1 > time ? now_ + 1 - time : 0;
    return age >= fade_milliseconds ? 0 : 1 - static_cast<double>(age) / fade_milliseconds;
}

Flashes::Flash Flashes::at(size_t tlb, size_t entry) const {
    if (tlb >= times_.size() || entry >= times_[tlb].size()) return {};
    return {strength(times_[tlb][entry].fill), strength(times_[tlb][entry].drop)};
}

}  // namespace tools::view
