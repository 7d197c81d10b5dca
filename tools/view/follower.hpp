// SPDX-License-Identifier: LGPL-2.1-or-later
// Follows the events of one CPU and knows, after each, everything that the viewer shows but the TLBs. A value: a copy is a checkpoint.
//
// The sums are those of `stat`, by the same rules (walk_places.hpp, cost_model.hpp): at the end of a recording they are equal.
#pragma once

#include <array>
#include <vector>

#include "mm/page_record.hpp"
#include "tools/dump_filter.hpp"
#include "tools/instruction_count.hpp"
#include "tools/profile_lines.hpp"
#include "tools/view/known_entries.hpp"
#include "tools/view/recent_walks.hpp"
#include "tools/view/recording.hpp"
#include "tools/view/strip_recorder.hpp"

namespace tools::view {

class Follower final {
public:
    explicit Follower(Recording& recording);

    template <class Event>
    void take(uint64_t time, const Event& e, const mm::trace::State& after) {
        running_.before(e);
        time_ = time;
        see(e, after);
        running_.after(after);
        registers_ = after;
        ++events_;
    }

    [[nodiscard]] const Running& running() const { return running_; }
    [[nodiscard]] const KnownEntries& entries() const { return entries_; }
    [[nodiscard]] const mm::trace::State& registers() const { return registers_; }
    [[nodiscard]] uint64_t time() const { return time_; }  // of the last event
    // Everything that follows from the events up to `tick`, which is not before time().
    void show(uint64_t tick, Snapshot& s) const;
    [[nodiscard]] size_t own_bytes() const;                // about; of a copy: what it does not share

private:
    struct Place {
        uint64_t fills = 0, refills = 0;
        WalkCounts walks;
    };
    struct Bin {
        uint64_t walks = 0, fills = 0;
    };
    struct Flushes {
        uint64_t all = 0, dropping = 0;
    };
    static constexpr size_t most_open_spans = 256;

    template <class Event> void see(const Event&, const mm::trace::State&) {}
    void see(const mm::trace::ObservedWalk& e, const mm::trace::State& s);
    void see(const mm::trace::LongWalkRecord& e, const mm::trace::State& s);
    void see(const mm::trace::ModelWalk& e, const mm::trace::State& s);
    void see(const mm::trace::EntryWrite& e, const mm::trace::State& s);
    void see(const mm::trace::Flush& e, const mm::trace::State&);
    void see(const mm::trace::SpanName& e, const mm::trace::State&);
    void see(const mm::trace::SpanEdge& e, const mm::trace::State&);
    void see(const mm::trace::Task& e, const mm::trace::State&) { instructions_.advance(e.instructions); }
    void see(const mm::trace::Counters& e, const mm::trace::State&) { instructions_.advance(e); }

    void ended(mm::Pfn frame, mm::Vpn page, bool translated, bool fill);
    void show_memory(uint64_t tick, Snapshot& s) const;

    Recording* recording_;
    uint64_t time_ = 0, events_ = 0;
    InstructionCount instructions_;
    Running running_;
    mm::trace::State registers_{};
    std::vector<uint16_t> spans_;                       // open ones
    uint64_t deeper_spans_ = 0;                         // further open ones, for which there is no room
    std::vector<Place> zones_, regions_;                // as the run's, then `other`
    std::vector<Bin> bins_;                             // of memory
    std::array<uint64_t, mm::linear_regions> slots_{};  // walks by 2 MiB of the linear address space
    std::array<Flushes, flush_causes> flushes_{};
    ProfileLines lines_;
    RecentWalks recent_;
    StripRecorder strips_;
    KnownEntries entries_;
};

// The directory slots of the page tables that the registers name, without their walks.
[[nodiscard]] LinearMap linear_map(const mm::trace::State& registers, const KnownEntries& entries);

}  // namespace tools::view
