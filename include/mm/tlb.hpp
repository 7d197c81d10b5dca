// SPDX-License-Identifier: LGPL-2.1-or-later
// One set-associative translation look-aside buffer with true LRU, for one page size and one kind of access.
//
//   set = page number mod sets      ways: | valid | dropped | empty | valid |
//
// It owns no memory: the caller gives the entries. A flush does not empty a slot but marks it dropped and keeps which
// flush did it, so that the walk that brings the page back can be charged to that flush. When a fill takes the
// slot of a dropped entry of another page, the caller's `remember` is told, and nothing is forgotten.
#pragma once

#include "mm/mmu_geometry.hpp"
#include "mm/refill_cause.hpp"
#include "mm/walk.hpp"

namespace mm {

enum class TlbState : uint8_t { empty, valid, dropped };

struct TlbEntry {
    uint64_t used = 0;      // time of the last lookup that hit, in the caller's lookups
    uint32_t page = 0;      // linear address >> shift
    Pfn frame{};            // first frame of the page
    TlbState state = TlbState::empty;
    RefillCause cause = RefillCause::first_touch;  // of a dropped entry
    Permissions permissions{};

    constexpr bool holds(uint32_t wanted) const { return state == TlbState::valid && page == wanted; }
};

class Tlb {
public:
    constexpr Tlb(TlbGeometry geometry, unsigned shift, TlbEntry* entries)
        : entries_{entries}, geometry_{geometry}, shift_{shift} {}

    constexpr unsigned shift() const { return shift_; }
    constexpr bool exists() const { return geometry_.entries != 0; }
    constexpr uint32_t page_of(VirtAddr a) const { return a.raw >> shift_; }

    // The valid entry of the page that holds `a`, or nullptr; moves nothing.
    constexpr TlbEntry* find(VirtAddr a) const {
        if (!exists()) return nullptr;
        const uint32_t page = page_of(a);
        TlbEntry* const set = set_of(page);
        for (unsigned way = 0; way < geometry_.ways; ++way)
            if (set[way].holds(page)) return &set[way];
        return nullptr;
    }

    // Caches a page: in its own slot if the page is there (dropped, or with fewer permissions), else in an empty or dropped slot,
    // else over the least recently used. remember(entry) is told of a dropped entry that this overwrites.
    template <class Remember>
    constexpr TlbEntry& fill(VirtAddr a, Pfn first_frame, Permissions p, uint64_t now, Remember&& remember) {
        const uint32_t page = page_of(a);
        TlbEntry& victim = victim_for(page, first_frame);
        const bool same_page = victim.page == page && victim.frame == first_frame;
        if (victim.state == TlbState::dropped && !same_page) remember(victim);
        victim = TlbEntry{now, page, first_frame, TlbState::valid, RefillCause::first_touch, p};
        return victim;
    }

    // The dropped entry of exactly this translation, or nullptr.
    constexpr TlbEntry* find_dropped(VirtAddr a, Pfn first_frame) const {
        if (!exists()) return nullptr;
        const uint32_t page = page_of(a);
        TlbEntry* const set = set_of(page);
        for (unsigned way = 0; way < geometry_.ways; ++way)
            if (set[way].state == TlbState::dropped && set[way].page == page && set[way].frame == first_frame) return &set[way];
        return nullptr;
    }

    // Each returns how many valid entries it dropped.
    constexpr unsigned drop_page(VirtAddr a, RefillCause cause) {
        TlbEntry* const entry = find(a);
        return entry ? drop(*entry, cause) : 0;
    }
    constexpr unsigned drop_all(RefillCause cause, bool keep_global) {
        unsigned dropped = 0;
        for (unsigned i = 0; i < geometry_.entries; ++i)
            if (entries_[i].state == TlbState::valid && !(keep_global && entries_[i].permissions.global)) dropped += drop(entries_[i], cause);
        return dropped;
    }

    // Forgets everything, for a CPU whose large pages have changed size; `shift` is the new page's.
    constexpr void clear(unsigned shift) {
        shift_ = shift;
        for (unsigned i = 0; i < geometry_.entries; ++i) entries_[i] = TlbEntry{};
    }

    // Invariants: a page stands in its own set and is valid at most once.
    constexpr bool check() const {
        for (unsigned i = 0; i < geometry_.entries; ++i) {
            if (entries_[i].state != TlbState::valid) continue;
            if (entries_[i].page % geometry_.sets() != i / geometry_.ways) return false;
            for (unsigned j = i + 1; j < geometry_.entries; ++j)
                if (entries_[j].holds(entries_[i].page)) return false;
        }
        return true;
    }

private:
    constexpr TlbEntry* set_of(uint32_t page) const { return entries_ + (page & (geometry_.sets() - 1)) * geometry_.ways; }

    static constexpr unsigned drop(TlbEntry& entry, RefillCause cause) {
        entry.state = TlbState::dropped;
        entry.cause = cause;
        return 1;
    }

    constexpr TlbEntry& victim_for(uint32_t page, Pfn frame) {
        TlbEntry* const set = set_of(page);
        TlbEntry* best = set;
        for (unsigned way = 0; way < geometry_.ways; ++way) {
            TlbEntry& e = set[way];
            if (e.state != TlbState::empty && e.page == page && (e.state == TlbState::valid || e.frame == frame)) return e;
            if (rank(e) < rank(*best)) best = &e;
        }
        return *best;
    }
    // Empty slots first, then dropped ones, then valid ones by age.
    static constexpr uint64_t rank(const TlbEntry& e) {
        if (e.state == TlbState::empty) return 0;
        return e.state == TlbState::dropped ? 1 : 2 + e.used;
    }

    TlbEntry* entries_;
    TlbGeometry geometry_;
    unsigned shift_;
};

static_assert([] {
    TlbEntry storage[4]{};
    Tlb tlb{{4, 2}, page_shift, storage};  // two sets of two ways
    auto none = [](const TlbEntry&) {};
    tlb.fill(VirtAddr{0x0000}, Pfn{1}, {}, 1, none);
    tlb.fill(VirtAddr{0x2000}, Pfn{2}, {}, 2, none);
    tlb.find(VirtAddr{0x0000})->used = 3;             // a hit: page 2 is now the oldest of set 0
    tlb.fill(VirtAddr{0x4000}, Pfn{3}, {}, 4, none);
    return tlb.find(VirtAddr{0x0000}) && !tlb.find(VirtAddr{0x2000}) && tlb.find(VirtAddr{0x4000}) && tlb.check();
}());

}  // namespace mm
