// SPDX-License-Identifier: LGPL-2.1-or-later
// One set-associative translation look-aside buffer: places and tags, and the choice of a victim.
//
//   set = page number mod sets      ways: | valid | valid | invalid | valid |
//
// Pages of both sizes may share it; the tag tells them apart. When an entry was last used only the caller knows
// (page_record.hpp), so that victims are chosen with the caller's last_use(entry).
#pragma once

#include "mm/mmu_geometry.hpp"
#include "mm/walk.hpp"

namespace mm {

struct TlbEntry {
    uint64_t used = 0;         // time of the last use, as far as the entry itself knows; kept when it is no longer valid
    uint32_t page = 0;         // linear address >> shift of its size
    uint32_t translation = 0;  // its place in the TranslationTable, if it still has it
    Pfn frame{};               // first frame of the page
    Permissions permissions{};
    bool large = false;        // page and frame are a large page's
    bool fragment = false;     // a 4 KiB piece of a large page
};

class Tlb {
public:
    explicit Tlb(TlbGeometry g)
        : geometry_{g}, sets_{g.exists() ? g.sets() : 1}, entries_{new TlbEntry[g.entries + 1]}, tags_{new uint32_t[g.entries + 1]} {
        for (unsigned i = 0; i < g.entries; ++i) tags_[i] = invalid;
    }
    Tlb(const Tlb&) = delete;
    Tlb& operator=(const Tlb&) = delete;
    ~Tlb() { delete[] entries_, delete[] tags_; }

    bool exists() const { return geometry_.exists(); }
    const TlbGeometry& geometry() const { return geometry_; }

    // The valid entry of a page, or nullptr.
    TlbEntry* find(uint32_t page, bool large) const {
        if (!exists()) return nullptr;
        const uint32_t wanted = tag(page, large);
        const unsigned first = set_of(page);
        for (unsigned i = first; i < first + geometry_.ways; ++i)
            if (tags_[i] == wanted) return &entries_[i];
        return nullptr;
    }

    // The place for a page: the first way of its set that is not valid, else the victim, still valid. The TLB exists.
    template <class LastUse>
    TlbEntry& place_for(uint32_t page, LastUse&& last_use) {
        const unsigned first = set_of(page);
        for (unsigned i = first; i < first + geometry_.ways; ++i)
            if (tags_[i] == invalid) return entries_[i];
        switch (geometry_.replacement) {
        case Replacement::lru: return entries_[oldest(first, last_use)];
        case Replacement::tree_plru: return entries_[tree_victim(first, last_use)];
        case Replacement::random: return entries_[first + next_random() % geometry_.ways];
        }
        return entries_[first];
    }

    // Its place, 0 .. entries-1.
    unsigned index(const TlbEntry& e) const { return static_cast<unsigned>(&e - entries_); }
    bool valid(const TlbEntry& e) const { return tags_[index(e)] != invalid; }
    void validate(TlbEntry& e) {
        const unsigned i = index(e);
        tags_[i] = tag(e.page, e.large);
        valid_[i / 64] |= uint64_t{1} << i % 64;
    }
    void invalidate(TlbEntry& e) {
        const unsigned i = index(e);
        tags_[i] = invalid;
        valid_[i / 64] &= ~(uint64_t{1} << i % 64);
    }

    // visit(TlbEntry&) for every valid entry, which it may invalidate.
    template <class Visit> void each_valid(Visit&& visit) {
        for (unsigned word = 0; 64 * word < geometry_.entries; ++word)
            for (uint64_t bits = valid_[word]; bits; bits &= bits - 1) visit(entries_[64 * word + static_cast<unsigned>(__builtin_ctzll(bits))]);
    }

    // visit(const TlbEntry&), in the order of their places.
    template <class Visit> void each_valid(Visit&& visit) const {
        for (unsigned i = 0; i < geometry_.entries; ++i)
            if (tags_[i] != invalid) visit(static_cast<const TlbEntry&>(entries_[i]));
    }

    // A state to go on from: each valid entry at its place, with its last use, and what random replacement has come to. The TLB is empty.
    const TlbEntry& entry(unsigned place) const { return entries_[place]; }
    unsigned first_of_set(uint32_t page) const { return set_of(page); }
    void put_back(unsigned place, const TlbEntry& e) { entries_[place] = e, validate(entries_[place]); }
    uint32_t random() const { return random_; }
    void set_random(uint32_t r) { random_ = r; }

private:
    static constexpr uint32_t invalid = 0xFFFFFFFF;
    static constexpr uint32_t tag(uint32_t page, bool large) { return page | uint32_t{large} << 31; }

    unsigned set_of(uint32_t page) const { return (page & (sets_ - 1)) * geometry_.ways; }

    // An entry is asked for its last use only if what it knows itself may be the least, and then knows it.
    template <class LastUse> unsigned oldest(unsigned first, LastUse&& last_use) {
        unsigned best = first;
        uint64_t least = UINT64_MAX;
        for (unsigned i = first; i < first + geometry_.ways; ++i) {
            if (entries_[i].used >= least) continue;
            const uint64_t used = entries_[i].used = last_use(entries_[i]);
            if (used < least) best = i, least = used;
        }
        return best;
    }

    // The tree's bits are not kept: each says in which half of its ways the latest use was, and that follows from the times.
    template <class LastUse> unsigned tree_victim(unsigned first, LastUse&& last_use) const {
        for (unsigned ways = geometry_.ways; ways > 1; ways /= 2) {
            uint64_t latest[2] = {0, 0};
            for (unsigned i = 0; i < ways; ++i) {
                const uint64_t used = last_use(entries_[first + i]);
                if (used > latest[i >= ways / 2]) latest[i >= ways / 2] = used;
            }
            if (latest[1] < latest[0]) first += ways / 2;
        }
        return first;
    }

    uint32_t next_random() {
        random_ ^= random_ << 13, random_ ^= random_ >> 17, random_ ^= random_ << 5;
        return random_;
    }

    TlbGeometry geometry_;
    unsigned sets_;
    TlbEntry* entries_;
    uint32_t* tags_;                          // of each entry, apart from them: a search reads nothing else
    uint64_t valid_[max_tlb_entries / 64] = {};
    uint32_t random_ = 0x9E3779B9;            // xorshift32, one step for each victim
};

}  // namespace mm
