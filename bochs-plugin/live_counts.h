// SPDX-License-Identifier: LGPL-2.1-or-later
// What a viewer wants counted besides what a recording counts anyway: where walks ended, and why TLBs were flushed. It exists only while a
// viewer is attached, and hears of the events that are recorded meanwhile.
#pragma once

#include "cpu_listener.h"
#include "live_tally.h"
#include "mm/page_record.hpp"
#include "mm/refill_cause.hpp"

namespace plugin {

class LiveCounts final : public CpuListener {
public:
    // `since`: the tick at which it begins.
    LiveCounts(unsigned profiles, uint64_t memory_mib, uint64_t since);

    // Of one profile, or of Bochs' own walks (fills alone).
    struct Places {
        uint64_t walks = 0, reads = 0, refills = 0, fills = 0;
        Places& operator+=(const Places&);
        Places& operator-=(const Places&);
    };
    uint64_t since() const { return since_; }

    void walked(const CpuState&, const mm::trace::ModelWalk&) override;
    void translated(const CpuState&, const mm::trace::ObservedWalk&) override;
    void translated_long(const CpuState&, const mm::trace::LongWalkRecord&) override;
    void flushes(const CpuState&, mm::RefillCause) override;
    void dropped(const CpuState&, const mm::trace::Flush&) override;

    // As a trace tells them, which has no event of a flush that found nothing to drop.
    struct Flushes {
        uint64_t made = 0;      // all of them
        uint64_t dropped = 0;   // those that dropped anything of the profile's, directory entries too
        uint64_t dropping = 0;  // those that dropped translations
    };
    Flushes flushes(mm::RefillCause, unsigned profile) const;

    Places total(unsigned profile) const;
    Places frames(uint64_t first, uint64_t end, unsigned profile) const;
    // Walks and fills alone. By `user` the address space is meant whose access it is: at 4:4 both have the same addresses.
    Places pages(uint64_t first, uint64_t end, unsigned profile, bool user) const;
    Places all_pages(unsigned profile) const;
    // Walks and fills of 1 << (memory_bin_shift + further) frames each, the frames below `end`.
    struct Bins {
        std::vector<uint64_t> walks, fills;
    };
    static constexpr unsigned memory_bin_shift = 8;  // 1 MiB
    static constexpr unsigned slot_shift = 9;        // 2 MiB of pages
    Bins memory(uint64_t end, unsigned further, unsigned profile) const;
    uint64_t end_frame() const { return frames_.places(); }  // beyond all that can be counted by frame
    // Walks to pages of all directory entries' 1 << `pages_shift` pages.
    std::vector<uint64_t> slots(unsigned pages_shift, unsigned profile) const;

private:
    static constexpr uint64_t nowhere = ~uint64_t{0};  // a place beyond all: of walks that fault

    unsigned walks(unsigned profile) const { return 3 * profile; }
    unsigned reads(unsigned profile) const { return 3 * profile + 1; }
    unsigned refills(unsigned profile) const { return 3 * profile + 2; }
    unsigned fills() const { return 3 * profiles_; }
    LiveTally& pages_of(mm::Access a) { return a.user ? user_pages_ : kernel_pages_; }
    template <class Sum> Places places(unsigned profile, Sum&& sum) const {
        return {sum(walks(profile)), sum(reads(profile)), sum(refills(profile)), sum(fills())};
    }

    unsigned profiles_;
    uint64_t since_;
    LiveTally frames_;                          // three columns for each profile, and fills
    LiveTally kernel_pages_, user_pages_;       // one for each profile, and fills
    uint64_t made_[mm::refill_causes] = {};
    struct { uint64_t all, translations; } dropped_[mm::max_models][mm::refill_causes] = {};
};

}  // namespace plugin
