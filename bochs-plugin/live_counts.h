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

    uint64_t flushed(mm::RefillCause cause) const { return flushes_[static_cast<unsigned>(cause)]; }
    uint64_t dropping(mm::RefillCause cause, unsigned profile) const { return dropping_[profile][static_cast<unsigned>(cause)]; }

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
    uint64_t flushes_[mm::refill_causes] = {}, dropping_[mm::max_models][mm::refill_causes] = {};
};

}  // namespace plugin
