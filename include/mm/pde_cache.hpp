// SPDX-License-Identifier: LGPL-2.1-or-later
// A cache of directory entries that name a table (Intel SDM vol. 3, 4.10.3.2), tagged by linear bits 31:22, or 31:21 with PAE. A walk
// that finds its entry here reads only the table. True LRU.
#pragma once

#include "mm/tlb.hpp"

namespace mm {

class PdeCache {
public:
    explicit PdeCache(TlbGeometry g) : tlb_{g}, values_{new uint64_t[g.entries + 1]} {}
    PdeCache(const PdeCache&) = delete;
    PdeCache& operator=(const PdeCache&) = delete;
    ~PdeCache() { delete[] values_; }

    bool exists() const { return tlb_.exists(); }

    // The value of the entry with this tag, which is a use of it, or nullptr.
    const uint64_t* use(uint32_t tag, uint64_t now) {
        TlbEntry* const e = tlb_.find(tag, false);
        return e ? e->used = now, &values_[tlb_.index(*e)] : nullptr;
    }
    bool has(uint32_t tag, uint64_t value) const {
        const TlbEntry* const e = exists() ? tlb_.find(tag, false) : nullptr;
        return e && values_[tlb_.index(*e)] == value;
    }
    void put(uint32_t tag, uint64_t value, uint64_t now) {
        if (!exists()) return;
        TlbEntry* e = tlb_.find(tag, false);
        if (!e) e = &tlb_.place_for(tag, [](const TlbEntry& old) { return old.used; });
        e->page = tag, e->used = now;
        values_[tlb_.index(*e)] = value;
        tlb_.validate(*e);
    }

    const TlbGeometry& geometry() const { return tlb_.geometry(); }
    // visit(place, const TlbEntry&, value) for every valid entry, whose page is its tag.
    template <class Visit> void each_valid(Visit&& visit) const {
        tlb_.each_valid([&](const TlbEntry& e) { visit(tlb_.index(e), e, values_[tlb_.index(e)]); });
    }

    void put_back(unsigned place, const TlbEntry& e, uint64_t value) { values_[place] = value, tlb_.put_back(place, e); }
    const Tlb& tlb() const { return tlb_; }
    Tlb& tlb() { return tlb_; }

    // Each returns how many entries it dropped.
    unsigned drop(uint32_t tag) {
        TlbEntry* const e = tlb_.find(tag, false);
        return e ? tlb_.invalidate(*e), 1 : 0;
    }
    unsigned drop_all() {
        unsigned dropped = 0;
        tlb_.each_valid([&](TlbEntry& e) { tlb_.invalidate(e), ++dropped; });
        return dropped;
    }

private:
    Tlb tlb_;
    uint64_t* values_;  // by place
};

}  // namespace mm
