// SPDX-License-Identifier: LGPL-2.1-or-later
// What a viewer remembers of former snapshots, to say of the latest one what is recent, and since when TLB entries are there.
#pragma once

#include <deque>

#include "tools/profile.hpp"
#include "tools/view/live_message.hpp"
#include "tools/view/live_strips.hpp"

namespace tools::view {

class LiveHistory final {
public:
    static constexpr uint64_t recent_intervals = 4;
    static constexpr size_t most_moments = 64;

    // `interval`: ticks of a strip's column.
    explicit LiveHistory(uint64_t interval) : strips_{interval} {}

    // Completes the snapshot. `profile`: its figures; null if they are not known.
    void complete(LiveFrame& frame, const Profile* profile);
    // Another profile or CPU is shown from now on.
    void forget();

private:
    struct Moment {
        uint64_t tick = 0;
        std::vector<HeatBin> bins;
        std::vector<LinearSlot> slots;
    };
    void mark_recent(LiveFrame& frame);
    void date_entries(Snapshot& s);

    LiveStrips strips_;
    std::deque<Moment> moments_;
    std::vector<TlbView> tlbs_;   // of the snapshot before
    LinearMap linear_;
    uint64_t counted_since_ = 0;
    std::string profile_;
    unsigned cpu_ = 0;
};

}  // namespace tools::view
