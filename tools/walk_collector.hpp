// SPDX-License-Identifier: LGPL-2.1-or-later
// Counts the walks of one CPU's stream for everybody whom they belong to: zones, regions, levels, the span, the task, the function.
//
// Walks come in runs, without other events in between. What a run has in common (registers, span, task) is looked up once; the counts of
// zones, regions and levels are kept together, by place, and summed at the end.
#pragma once

#include "address_map.hpp"
#include "mm/page_record.hpp"
#include "profile_lines.hpp"
#include "profile_numbers.hpp"
#include "span_stack.hpp"
#include "walk_places.hpp"

namespace tools {

class WalkCollector final {
public:
    WalkCollector(Statistics& s, SpanStack& spans, TaskShares& tasks, FunctionShares& functions, FlushFollower& flushes);

    // The next walk, and the instruction that made it.
    void add(const mm::trace::ModelWalk& e, uint32_t walker) {
        if (!(e.profiles & numbers_.mask())) return;
        if (models_ == run_length) count();
        ModelWalk& made = model_[models_++];
        made.take(e.walk, walker);
        made.profiles = e.profiles, made.cached = e.cached, made.cause = e.cause;
    }
    void add(const mm::trace::ObservedWalk& e, uint32_t walker) {
        if (observations_ == run_length) count();
        ObservedWalk& made = observed_[observations_++];
        made.take(e.walk, walker);
        made.written = unsigned{e.pde_written} + e.pte_written;
    }
    // Before and after any other event: the run ends, and these are the registers of the next one.
    void count() {
        if (models_ | observations_) count_run();
    }
    void follow(const mm::trace::State& state) { state_ = state; }

    // Adds to the statistics what was counted by place.
    void finish();
    [[nodiscard]] uint64_t walks(size_t profile, bool instruction) const { return following_[profile].walks[instruction]; }

private:
    static constexpr unsigned run_length = 64;

    // A walk of the run. Field by field, and small ones put together: what is stored in parts and loaded as a whole is waited for.
    struct WalkMade {
        void take(const mm::trace::WalkRecord& w, uint32_t by) {
            page = w.page, walker = by, pde = w.pde, pte = w.pte;
            bits = static_cast<uint32_t>(w.access.kind) | uint32_t{w.access.user} << 2 | uint32_t{w.fault} << 3 | w.reads << 4;
        }
        [[nodiscard]] mm::AccessKind kind() const { return static_cast<mm::AccessKind>(bits & 3); }
        [[nodiscard]] bool user() const { return bits & 4; }
        [[nodiscard]] bool fault() const { return bits & 8; }
        [[nodiscard]] unsigned reads() const { return bits >> 4; }

        mm::Vpn page;
        uint32_t walker, bits;
        uint64_t pde, pte;
    };
    struct ModelWalk : WalkMade {
        uint32_t profiles, cached;  // by number
        mm::RefillCause cause;
    };
    struct ObservedWalk : WalkMade {
        unsigned written;
    };
    // What a walk is for every profile that made it.
    struct Seen {
        mm::PhysAddr pde_at, pte_at;
        unsigned zone, region, place;     // place: of zone and region together
        mm::Vpn first_of_large;
        ShareStatistics* function;
    };
    struct PlaceCounts {
        CauseCounts causes{};
        uint64_t directory_cached{}, directory[LineRecency::max_segments]{}, table[LineRecency::max_segments]{};
    };
    struct Following {
        Following(const Profile& p, size_t place_count) : lines{p}, places(place_count) {}
        ProfileLines lines;               // of its walks alone
        std::vector<PlaceCounts> places;  // by Seen::place
        uint64_t walks[2]{};              // of data accesses, of fetches
    };

    void count_run();
    template <class F> void locate_run();
    template <class F> void locate(const WalkMade& walk, Seen& seen);
    [[nodiscard]] uint64_t directory_of(mm::Vpn page, mm::Pae) const { return state_.pdpte[mm::pdpte_index(mm::address(page))]; }
    [[nodiscard]] uint64_t directory_of(mm::Vpn, mm::Classic) const { return state_.control.cr3; }
    void count_profile(size_t profile, unsigned number);
    void add_place(size_t profile, unsigned zone, unsigned region, const PlaceCounts& place);

    Statistics& s_;
    SpanStack& spans_;
    TaskShares& tasks_;
    FunctionShares& functions_;
    FlushFollower& flushes_;
    const ProfileNumbers numbers_;
    const ZoneMap zones_;
    const RegionMap regions_;
    mm::trace::State state_{};
    std::vector<Following> following_;
    unsigned models_ = 0, observations_ = 0;
    ModelWalk model_[run_length];
    ObservedWalk observed_[run_length];
    Seen seen_[run_length];               // of model_
};

}  // namespace tools
