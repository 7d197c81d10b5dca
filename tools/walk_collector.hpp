// SPDX-License-Identifier: LGPL-2.1-or-later
// Counts the walks of one CPU's stream for everybody whom they belong to: zones, regions, levels, the span, the task, the function.
//
// Modelled walks come in runs. What a run has in common (span, task) is looked up once; the counts of zones, regions and levels are kept
// together, by place, and summed at the end.
#pragma once

#include "mm/page_record.hpp"
#include "profile_lines.hpp"
#include "profile_numbers.hpp"
#include "span_stack.hpp"
#include "walk_places.hpp"

namespace tools {

class WalkCollector final {
public:
    WalkCollector(Statistics& s, const ZoneMap& zones, const RegionMap& regions, SpanStack& spans, TaskShares& tasks, FunctionShares& functions, FlushFollower& flushes);
    WalkCollector(const WalkCollector&) = delete;
    WalkCollector& operator=(const WalkCollector&) = delete;

    // The next walk, and the instruction that made it.
    void add(const mm::trace::ModelWalk& e, uint32_t walker) {
        if (!(e.profiles & numbers_.mask())) return;
        if (end_ == walk_ + run_length) count_run();
        const WalkPlaces at = places(e.walk);
        const unsigned zone = zone_of(zones_, e.walk, at);
        Walk& made = *end_++;
        made.pde_at = at.pde_at, made.pte_at = at.pte_at;
        made.function = functions_.of(walker, e.walk.access.user).walks.data();
        made.page = e.walk.page, made.first_of_large = mm::Vpn{e.walk.page.raw & large_mask_};
        made.profiles = e.profiles, made.cached = e.cached;
        made.zone = zone, made.place = zone * region_count_ + region_of(regions_, e.walk);
        made.reads = static_cast<uint8_t>(e.walk.reads), made.cause = e.cause;
        made.execute = e.walk.access.kind == mm::AccessKind::execute, made.fault = e.walk.fault;
    }
    void add(const mm::trace::ObservedWalk& e, uint32_t walker) {
        ObservedStatistics& o = s_.observed;
        o.walk_reads += e.walk.reads;
        o.walk_writes += unsigned{e.pde_written} + e.pte_written;
        if (e.walk.fault) return;
        ++fills_[static_cast<unsigned>(e.walk.access.kind)];
        ++fills_at_[zone_of(zones_, e.walk, places(e.walk)) * region_count_ + region_of(regions_, e.walk)];
        ++functions_.of(walker, e.walk.access.user).observed_fills;
        ++tasks_.now().observed_fills;
    }
    // Before what ends a run: an event that changes the span, the task, or the TLBs.
    void count() {
        if (end_ != walk_) count_run();
    }
    // The registers of the next walks.
    void follow(const mm::trace::State& s) {
        pae_ = s.control.mode() == mm::PagingMode::pae;
        large_mask_ = ~static_cast<uint32_t>(((pae_ ? mm::large_page_size<mm::Pae> : mm::large_page_size<mm::Classic>) >> mm::page_shift) - 1);
        for (unsigned i = 0; i < 4; ++i) directory_[i] = pae_ ? s.pdpte[i] : s.control.cr3;
    }

    // Adds to the statistics what was counted by place.
    void finish();
    [[nodiscard]] uint64_t walks(size_t profile, bool instruction) const { return following_[profile].walks[instruction]; }

private:
    static constexpr unsigned run_length = 64;

    // A walk of the run, whoever of the profiles made it.
    struct Walk {
        mm::PhysAddr pde_at, pte_at;
        WalkCounts* function;             // by profile
        mm::Vpn page, first_of_large;
        uint32_t place, zone;
        uint16_t profiles, cached;        // by number
        uint8_t reads;
        mm::RefillCause cause;
        bool execute, fault;
    };
    struct PlaceCounts {
        CauseCounts causes{};
        uint64_t directory_cached{}, directory[LineRecency::max_segments]{}, table[LineRecency::max_segments]{};
    };
    struct Following {
        Following(const Profile& p, size_t place_count) : lines{p}, places(place_count) {}
        ProfileLines lines;               // of its walks alone
        std::vector<PlaceCounts> places;  // by Walk::place
        uint64_t walks[2]{};              // of data accesses, of fetches
    };

    [[nodiscard]] WalkPlaces places(const mm::trace::WalkRecord& w) const {
        const uint64_t directory = directory_[mm::pdpte_index(mm::address(w.page))];
        return pae_ ? places_as<mm::Pae>(w, directory) : places_as<mm::Classic>(w, directory);
    }
    void count_run();
    void count_profile(size_t profile, unsigned number);
    void add_place(size_t profile, unsigned zone, unsigned region, const PlaceCounts& place);

    Statistics& s_;
    SpanStack& spans_;
    TaskShares& tasks_;
    FunctionShares& functions_;
    FlushFollower& flushes_;
    const ProfileNumbers numbers_;
    const ZoneMap& zones_;
    const RegionMap& regions_;
    const unsigned region_count_, place_count_;
    bool pae_ = false;
    uint32_t large_mask_ = 0;
    uint64_t directory_[4]{};             // what names it, by GiB
    std::vector<Following> following_;
    std::vector<uint64_t> fills_at_;      // observed, by place
    uint64_t fills_[mm::access_kinds]{};
    Walk walk_[run_length];               // the run, up to end_
    Walk* end_ = walk_;
};

}  // namespace tools
