// SPDX-License-Identifier: LGPL-2.1-or-later
// The pages that a flush dropped from a modelled TLB and whose slot another page has taken since: mm::MmuModel's memory of
// which flush the next walk for them is charged to.
#pragma once

#include <unordered_map>

#include "mm/mmu_model.hpp"

namespace plugin {

class DroppedPages {
public:
    // A page keeps the cause that it has.
    void put(uint64_t key, mm::RefillCause cause) { pages_.emplace(key, cause); }

    // Removes the page. `other` if no flush dropped it.
    mm::RefillCause take(uint64_t key) {
        const auto at = pages_.find(key);
        if (at == pages_.end()) return mm::RefillCause::first_touch;
        const mm::RefillCause cause = at->second;
        pages_.erase(at);
        return cause;
    }

private:
    std::unordered_map<uint64_t, mm::RefillCause> pages_;
};

}  // namespace plugin
