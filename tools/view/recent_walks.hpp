// SPDX-License-Identifier: LGPL-2.1-or-later
// The last walks and fills, for what the viewer lets glow: a ring of a bounded number.
#pragma once

#include <stdint.h>

#include <vector>

#include "mm/addr.hpp"

namespace tools::view {

class RecentWalks final {
public:
    static constexpr size_t most = 8192;  // within the window that glows; older ones are forgotten

    struct Walk {
        uint64_t tick = 0;
        mm::Pfn frame{};
        mm::Vpn page{};
        bool translated = false;          // whether there is a frame
        bool fill = false;                // Bochs', not the profile's walk
    };

    void add(const Walk& w) {
        if (ring_.size() < most) ring_.push_back(w);
        else ring_[next_] = w;
        next_ = (next_ + 1) % most;
    }
    // visit(walk) for each that was later than `tick`.
    template <class Visit> void since(uint64_t tick, Visit&& visit) const {
        for (size_t n = 0; n < ring_.size(); ++n) {
            const Walk& w = ring_[(next_ + most - 1 - n) % most];
            if (w.tick <= tick) return;
            visit(w);
        }
    }

private:
    std::vector<Walk> ring_;
    size_t next_ = 0;  // the oldest one's place when the ring is full
};

}  // namespace tools::view
