// SPDX-License-Identifier: LGPL-2.1-or-later
// Which TLB entries have just been filled or dropped. While moments go by, a flash fades in the viewer's time; while they stand, it stays,
// and shows what the last step did.
#pragma once

#include <stdint.h>

#include <vector>

#include "tools/view/snapshot.hpp"

namespace tools::view {

class Flashes final {
public:
    static constexpr uint64_t fade_milliseconds = 700;

    // A step or a little time onward: what was filled or dropped since the moment before flashes.
    void follow(const Snapshot& now, uint64_t milliseconds);
    // A moment with no moment before: what the event right before it did flashes.
    void jump(const Snapshot& now, uint64_t milliseconds);

    // Whether flashes grow old from here on.
    void set_fading(bool fading, uint64_t milliseconds);
    // Whether one can still be seen to fade at this time.
    [[nodiscard]] bool fading(uint64_t milliseconds) const { return fading_ && milliseconds < newest_ + fade_milliseconds; }

    struct Flash {
        double fill = 0, drop = 0;  // 1: just now; 0: none
    };
    [[nodiscard]] Flash at(size_t tlb, size_t entry) const;
    void set_time(uint64_t milliseconds) { now_ = milliseconds; }

private:
    struct Times {
        uint64_t fill = 0, drop = 0;  // milliseconds + 1; 0: never
    };
    void mark(const Snapshot& now, uint64_t after, uint64_t milliseconds);
    [[nodiscard]] double strength(uint64_t time) const;

    std::vector<std::vector<Times>> times_;
    uint64_t tick_ = 0, now_ = 0, newest_ = 0;
    bool fading_ = false;
};

}  // namespace tools::view
