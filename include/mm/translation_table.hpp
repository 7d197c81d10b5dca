// SPDX-License-Identifier: LGPL-2.1-or-later
// Every translation that a model cached, with the reason why it is no longer there: whom the walk that brings it back is charged to.
// One table for all models: a translation is (page, first frame, size), and a fragment of a large page a small one.
//
//   places: | renewed: empty | oldest | ... | newest | to be written next |
//
// A ring of a bounded number of places: when all are taken, a new translation takes the place of the oldest, which is forgotten as if no
// model had ever had it. One that is asked for again in the older half moves to the front.
#pragma once

#include "mm/addr.hpp"
#include "mm/page_record.hpp"
#include "mm/refill_cause.hpp"

namespace mm {

inline constexpr uint32_t most_translations = 1u << 22;  // 128 MiB with their index; a page that gets a new frame is a new one

class TranslationTable {
public:
    using Key = uint64_t;
    // `page` counts pages of its own size, 2^shift bytes.
    static constexpr Key key(uint32_t page, Pfn first_frame, unsigned shift) { return uint64_t{first_frame.raw} << 32 | uint64_t{shift} << 20 | page; }

    // `most`: places, a power of two.
    explicit TranslationTable(uint32_t most = most_translations) : most_{most} { grow(); }
    TranslationTable(const TranslationTable&) = delete;
    TranslationTable& operator=(const TranslationTable&) = delete;
    ~TranslationTable() { delete[] records_, delete[] index_; }

    // The place of a translation, which stays the same until it is renewed or forgotten.
    uint32_t find_or_add(Key key) {
        uint32_t slot = slot_of(key);
        for (; index_[slot] != none; slot = (slot + 1) & mask_)
            if (records_[index_[slot]].key == key) return age(index_[slot]) <= most_ / 2 ? index_[slot] : renew(index_[slot]);
        return put(Record{key, {0, 0}});
    }
    // The same, from the place where it was.
    uint32_t find_or_add(Key key, uint32_t place) { return records_[place].key == key ? place : find_or_add(key); }

    // Why model n does not have it, on one side: first_touch if it never had, evicted if it has or had.
    RefillCause cause(uint32_t place, unsigned side, unsigned model) const {
        return static_cast<RefillCause>(records_[place].causes[side] >> 4 * model & 15);
    }
    void set_cause(uint32_t place, unsigned side, unsigned model, RefillCause cause) {
        uint64_t& causes = records_[place].causes[side];
        causes = (causes & ~(uint64_t{15} << 4 * model)) | uint64_t{static_cast<uint8_t>(cause)} << 4 * model;
    }
    // How many translations the bound has cost.
    uint64_t forgotten() const { return forgotten_; }

private:
    struct Record {
        Key key;
        uint64_t causes[2];  // by side: four bits for each model
    };
    static_assert(refill_causes <= 16 && max_models <= 16);
    static constexpr uint32_t none = 0xFFFFFFFF;
    static constexpr Key empty = 0;  // no key: no page has 2^0 bytes

    uint32_t slot_of(Key key) const { return static_cast<uint32_t>(key * 0x9E3779B97F4A7C15 >> 32) & mask_; }
    // How many were put in since.
    uint32_t age(uint32_t place) const { return (next_ - place - 1) & (most_ - 1); }

    uint32_t put(const Record& r) {
        if (next_ == capacity_) grow();
        const uint32_t place = next_;
        if (records_[place].key != empty) take_out(place), ++forgotten_;
        records_[place] = r;
        enter(place);
        next_ = (next_ + 1) & (most_ - 1);
        return place;
    }
    uint32_t renew(uint32_t place) {
        const Record r = records_[place];
        take_out(place);
        return put(r);
    }

    void enter(uint32_t place) {
        uint32_t slot = slot_of(records_[place].key);
        while (index_[slot] != none) slot = (slot + 1) & mask_;
        index_[slot] = place;
    }
    // What was entered behind it, because it was in the way, moves up.
    void take_out(uint32_t place) {
        uint32_t gap = slot_of(records_[place].key);
        while (index_[gap] != place) gap = (gap + 1) & mask_;
        for (uint32_t slot = (gap + 1) & mask_; index_[slot] != none; slot = (slot + 1) & mask_) {
            const uint32_t wanted = slot_of(records_[index_[slot]].key);
            if (((slot - wanted) & mask_) < ((slot - gap) & mask_)) continue;
            index_[gap] = index_[slot];
            gap = slot;
        }
        index_[gap] = none;
        records_[place].key = empty;
    }

    void grow() {
        const uint32_t former = capacity_, begin = most_ < 4096 ? most_ : 4096;
        capacity_ = former ? 2 * former : begin, mask_ = 2 * capacity_ - 1;
        Record* const records = new Record[capacity_];
        for (uint32_t n = 0; n < capacity_; ++n) records[n] = n < former ? records_[n] : Record{empty, {0, 0}};
        delete[] records_, delete[] index_;
        records_ = records;
        index_ = new uint32_t[mask_ + 1];
        for (uint32_t n = 0; n <= mask_; ++n) index_[n] = none;
        for (uint32_t n = 0; n < former; ++n)
            if (records_[n].key != empty) enter(n);
    }

    Record* records_ = nullptr;
    uint32_t* index_ = nullptr;  // open addressing, at most half full
    const uint32_t most_;
    uint32_t capacity_ = 0, mask_ = 0, next_ = 0;
    uint64_t forgotten_ = 0;
};

}  // namespace mm
