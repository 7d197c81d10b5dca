// SPDX-License-Identifier: LGPL-2.1-or-later
// One level of one side of a model: the TLB for small pages and that for large ones, which may be the same, or missing. Keeps what all
// models share (mmu_shared.hpp) in step with the entries that come and go.
#pragma once

#include "mm/mmu_shared.hpp"
#include "mm/tlb.hpp"

namespace mm {

class LevelTlbs {
public:
    struct Role {
        unsigned model;      // its number
        unsigned side;       // whose causes it keeps: 0 fetches, 1 data
        uint8_t used_kinds;  // accesses that are uses of its entries without being looked up: those that it serves as a first level
    };
    LevelTlbs(const TlbLevel& g, Role role, MmuShared& shared)
        : small_{g.small}, large_{g.large}, shared_{shared}, role_{role}, holds_large_{g.holds_large()}, both_in_small_{g.shared} {}

    bool exists() const { return small_.exists(); }
    bool holds_large() const { return holds_large_; }
    bool shared() const { return both_in_small_; }
    bool holds(bool large) const { return large ? holds_large_ : exists(); }
    unsigned side() const { return role_.side; }

    // The entries of the page, small and large, that are there.
    struct Found {
        TlbEntry *small, *large;
    };
    Found find(uint32_t page) const {
        return {small_.find(page, false), holds_large_ ? tlb(true).find(shared_.large_page(page), true) : nullptr};
    }

    TlbEntry* find_exactly(uint32_t page, bool large) const { return holds(large) ? tlb(large).find(page, large) : nullptr; }

    // Puts a copy in, which nothing here overlaps but small entries inside a large one: they go. Returns whether a valid entry had to
    // make room: `victim` is a copy of it.
    bool insert(const TlbEntry& value, uint64_t now, TlbEntry& victim) {
        if (value.large) remove_inside(value.page);
        else mark_small(value.page);
        Tlb& into = tlb(value.large);
        TlbEntry& place = into.place_for(value.page, [this](const TlbEntry& e) { return last_use(e); });
        const bool replaces = into.valid(place);
        if (replaces) victim = place, withdraw(place), forget_fragment(place);
        fragments_ += value.fragment;
        place = value;
        place.used = now;
        into.validate(place);
        return replaces;
    }

    void remove(TlbEntry& e) {
        e.used = last_use(e);
        withdraw(e), forget_fragment(e);
        tlb(e.large).invalidate(e);
    }
    // Whatever maps the page.
    void remove_page(uint32_t page) {
        const Found f = find(page);
        if (f.small) remove(*f.small);
        if (f.large) remove(*f.large);
    }

    // The small entries inside a large page.
    void remove_inside(uint32_t large) {
        if (!(small_inside_[large / 64] >> large % 64 & 1)) return;
        small_inside_[large / 64] &= ~(uint64_t{1} << large % 64);
        small_.each_valid([&](TlbEntry& e) {
            if (!e.large && shared_.large_page(e.page) == large) remove(e);
        });
    }

    // Flushes: each returns how many entries it dropped. drop_where(must_go) asks of every entry.
    unsigned drop(TlbEntry* e, RefillCause cause) {
        if (!e) return 0;
        TranslationTable& t = shared_.translations;
        t.set_cause(t.find_or_add(shared_.key(e->page, e->frame, e->large), e->translation), role_.side, role_.model, cause);
        remove(*e);
        return 1;
    }
    template <class MustGo> unsigned drop_where(RefillCause cause, MustGo&& must_go) {
        unsigned dropped = 0;
        each_valid([&](TlbEntry& e) {
            if (must_go(e)) dropped += drop(&e, cause);
        });
        return dropped;
    }
    bool has_fragments() const { return fragments_ != 0; }

    template <class Visit> void each_valid(Visit&& visit) {
        small_.each_valid(visit), large_.each_valid(visit);
    }
    // visit(const Tlb&, whether it is for large pages alone) for those that there are.
    template <class Visit> void each_tlb(Visit&& visit) const {
        if (small_.exists()) visit(small_, false);
        if (large_.exists()) visit(large_, true);
    }
    // In lookups.
    uint64_t last_use(const TlbEntry& e) const {
        if (role_.used_kinds == 0) return e.used;
        const uint64_t stamped = shared_.last_use(e.page, e.large, role_.used_kinds);
        return stamped > e.used ? stamped : e.used;
    }
    // As Tlb::put_back(), into the TLB for large pages alone or the other.
    void put_back(bool into_large, unsigned place, const TlbEntry& e) {
        (into_large ? large_ : small_).put_back(place, e);
        if (!e.large) mark_small(e.page);
        fragments_ += e.fragment;
    }
    template <class Visit> void each_tlb(Visit&& visit) {
        if (small_.exists()) visit(small_, false);
        if (large_.exists()) visit(large_, true);
    }
    // After everything was dropped: large pages have another size.
    void forget_small_pages() {
        for (uint64_t& word : small_inside_) word = 0;
    }
    // What it serves must be asked for again.
    void withdraw_all() {
        each_valid([this](TlbEntry& e) { withdraw(e); });
    }

private:
    Tlb& tlb(bool large) { return large && !both_in_small_ ? large_ : small_; }
    const Tlb& tlb(bool large) const { return large && !both_in_small_ ? large_ : small_; }

    void withdraw(const TlbEntry& e) {
        if (role_.used_kinds == 0) return;
        if (e.large) shared_.withdraw_large(e.page, role_.used_kinds, role_.model);
        else shared_.withdraw_page(e.page, role_.used_kinds, role_.model);
    }
    void forget_fragment(const TlbEntry& e) { fragments_ -= e.fragment; }

    // Small entries inside a large page are rare, and need a search: a bit says where there may be one.
    void mark_small(uint32_t page) {
        const uint32_t large = shared_.large_page(page);
        small_inside_[large / 64] |= uint64_t{1} << large % 64;
    }
    Tlb small_, large_;
    MmuShared& shared_;
    Role role_;
    bool holds_large_, both_in_small_;
    unsigned fragments_ = 0;
    uint64_t small_inside_[linear_regions / 64] = {};
};

}  // namespace mm
