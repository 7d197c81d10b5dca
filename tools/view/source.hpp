// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the viewer's moments come from: a recording that can be gone through in both directions, or one that is being made.
//
//   seek, step, advance --> the moment --> snapshot(), inspect()
//
// Functions throw tools::Error (InputError, TraceError) with a message for people; the source then still shows what it showed before, or
// the last moment that could be read.
#pragma once

#include <stdint.h>

#include <chrono>
#include <string>
#include <vector>

#include "tools/error.hpp"
#include "tools/view/snapshot.hpp"
#include "tools/view/walk_inspection.hpp"

namespace tools::view {

// From the first event to the last known one, of the chosen CPU, in ticks, inclusive.
struct Extent {
    uint64_t first = 0, last = 0;
};

class Source {
public:
    virtual ~Source() = default;

    [[nodiscard]] virtual Extent extent() const = 0;
    // Whether more may come: poll() now and then.
    [[nodiscard]] virtual bool live() const = 0;
    // Whether seek, step and advance do anything; a source that cannot shows the latest moment.
    [[nodiscard]] virtual bool can_seek() const = 0;

    // Takes what has come since. Returns whether the extent, or what snapshot() would say, has changed. Does not wait.
    virtual bool poll() = 0;

    // The moment after the last event at or before the tick; ticks outside the extent are moved into it. It is only chosen: who asks next
    // waits until it is reached, unless approach() has gone there.
    virtual void seek(uint64_t tick) = 0;
    // Of the chosen moment, reached or not.
    [[nodiscard]] virtual uint64_t tick() const = 0;
    // Goes on towards the chosen moment for about so long. The share of the way that lies behind; 1: whatever is asked is answered at once.
    [[nodiscard]] virtual double approach(std::chrono::milliseconds) { return 1; }
    // The moment right after the next (+1) or the previous (-1) event that passes the filter. False, and nothing moves, if there is none.
    virtual bool step(int direction) = 0;
    // As seek(tick of the moment + ticks), cheap for small steps: for playing.
    virtual void advance(uint64_t ticks) = 0;

    // The recording's profiles and CPUs; choosing throws InputError for others and keeps the moment.
    [[nodiscard]] virtual std::vector<std::string> profiles() const = 0;
    virtual void set_profile(const std::string& name) = 0;
    [[nodiscard]] virtual std::vector<unsigned> cpus() const = 0;
    virtual void set_cpu(unsigned cpu) = 0;

    // What step() stops at: `dump`'s options in words, "zone=HIGHMEM event=model_walk,flush task=sh"; empty: every event. Throws
    // InputError, and keeps the filter that was, if it names what the recording does not have.
    virtual void set_filter(const std::string& words) = 0;

    // What of the recording cannot be read, with file and offset, as far as that is known; empty: nothing.
    [[nodiscard]] virtual std::string damage() const { return {}; }
    // For who has put out what can be read: throws InputError if that was not all.
    void refuse_damage() const {
        if (!damage().empty()) throw InputError{"", damage() + "; what was put out ends there"};
    }

    // Of the moment; valid until the next call of any function that is not const.
    [[nodiscard]] virtual const Snapshot& snapshot() = 0;
    [[nodiscard]] virtual WalkInspection inspect(mm::VirtAddr address) = 0;
};

}  // namespace tools::view
