// SPDX-License-Identifier: LGPL-2.1-or-later
// Walks and fills by zone and region while somebody listens: of walks that models make, and of Bochs' own fills. The same places as in
// `zonescope stat`; what came before the guest published its zones is counted as `other`.
#pragma once

#include <array>
#include <vector>

#include "cpu_listener.h"
#include "mm/page_record.hpp"
#include "run_info.h"

namespace plugin {

class PlaceCounts final : public CpuListener {
public:
    // The recording's info changes while this listens, and outlives it.
    explicit PlaceCounts(const RunInfo& info) : info_{info} {}

    struct Counts {
        std::array<uint64_t, mm::max_models> walks{};  // by profile
        uint64_t fills = 0;
    };
    // Of info.zones[n], info.regions[n]; n == their number: other.
    Counts zone(size_t n) const { return outdated() ? (n == info_.zones.size() ? sum(zones_) : Counts{}) : at(zones_, n, info_.zones.size()); }
    Counts region(size_t n) const { return at(regions_, n, info_.regions.size()); }

    void walked(const CpuState&, const mm::trace::ModelWalk&) override;
    void translated(const CpuState&, const mm::trace::ObservedWalk&) override;

private:
    using ByPlace = std::vector<Counts>;               // [0] is other, [n + 1] the n-th
    static Counts at(const ByPlace& all, size_t n, size_t other) {
        const size_t place = n == other ? 0 : n + 1;
        return place < all.size() ? all[place] : Counts{};
    }
    // The counts are of the user's zones, and now the guest has published its own: all of them are `other`.
    bool outdated() const { return given_ && !info_.zones_given; }
    static Counts sum(const ByPlace&);
    template <class Add> void count(const CpuState&, const mm::trace::WalkRecord&, Add&&);

    const RunInfo& info_;
    ByPlace zones_, regions_;
    bool given_ = false;                               // zones_ are those of the user
};

}  // namespace plugin
