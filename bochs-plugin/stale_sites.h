// SPDX-License-Identifier: LGPL-2.1-or-later
// The reports of a recording: one for each kind, level, using and writing instruction, with how often it was seen.
#pragma once

#include <map>
#include <tuple>
#include <vector>

#include "mm/trace_events.hpp"

namespace plugin {

class StaleSites {
public:
    static constexpr size_t most = 4096;

    static constexpr uint16_t no_site = 0xFFFF;

    // Numbers the site. Whether this is its first use, or the first after all were taken back: that must be recorded.
    bool count(mm::trace::Stale& use) {
        ++uses_;
        const Key key{use.kind, use.level, use.ip, use.change.ip};
        const auto found = sites_.find(key);
        if (found != sites_.end()) return use.site = found->second, ++counts_[use.site].uses == 1;
        if (sites_.size() == most) return use.site = no_site, ++unfollowed_, false;
        use.site = static_cast<uint16_t>(counts_.size());
        sites_.emplace(key, use.site);
        counts_.push_back({1, 1});
        return true;
    }
    // Uses that were no mistakes after all.
    void take_back(uint16_t site, uint32_t uses) { counts_[site].uses -= uses, uses_ -= uses, taken_back_ += uses; }
    // told(StaleUses) for each site with another number of uses than was told last.
    template <class Told> void tell(Told&& told) {
        for (size_t site = 0; site < counts_.size(); ++site) {
            if (counts_[site].uses == counts_[site].told) continue;
            counts_[site].told = counts_[site].uses;
            told(mm::trace::StaleUses{static_cast<uint16_t>(site), counts_[site].uses});
        }
    }
    size_t sites() const {
        size_t with_uses = 0;
        for (const Count& c : counts_) with_uses += c.uses != 0;
        return with_uses;
    }
    uint32_t uses(uint16_t site) const { return site < counts_.size() ? counts_[site].uses : 0; }
    uint64_t taken_back() const { return taken_back_; }
    uint64_t uses() const { return uses_; }
    uint64_t unfollowed() const { return unfollowed_; }  // uses at sites for which there was no room

private:
    using Key = std::tuple<mm::StaleKind, mm::TableLevel, uint32_t, uint32_t>;
    struct Count {
        uint32_t uses, told;
    };
    std::map<Key, uint16_t> sites_;
    std::vector<Count> counts_;
    uint64_t uses_ = 0, unfollowed_ = 0, taken_back_ = 0;
};

}  // namespace plugin
