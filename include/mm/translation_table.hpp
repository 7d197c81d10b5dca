// SPDX-License-Identifier: LGPL-2.1-or-later
// Every translation that a model ever cached, with the reason why it is no longer there: whom the walk that brings it back is
// charged to. One table for all models: a translation is (page, first frame, size), and a fragment of a large page a small one.
#pragma once

#include "mm/addr.hpp"
#include "mm/page_record.hpp"
#include "mm/refill_cause.hpp"

namespace mm {

class TranslationTable {
public:
    TranslationTable() { grow(); }
    TranslationTable(const TranslationTable&) = delete;
    TranslationTable& operator=(const TranslationTable&) = delete;
    ~TranslationTable() { delete[] records_, delete[] index_; }

    // The number of a translation, the same each time. `page` counts pages of its own size, 2^shift bytes.
    uint32_t find_or_add(uint32_t page, Pfn first_frame, unsigned shift) {
        const uint64_t key = uint64_t{first_frame.raw} << 32 | uint64_t{shift} << 20 | page;
        uint32_t slot = slot_of(key);
        for (; index_[slot] != none; slot = (slot + 1) & mask_)
            if (records_[index_[slot]].key == key) return index_[slot];
        index_[slot] = count_;
        records_[count_] = Record{key, {0, 0}};
        const uint32_t added = count_++;
        if (count_ == capacity_) grow();
        return added;
    }

    // Why model n does not have it, on one side: first_touch if it never had, evicted if it has or had.
    RefillCause cause(uint32_t translation, unsigned side, unsigned model) const {
        return static_cast<RefillCause>(records_[translation].causes[side] >> 4 * model & 15);
    }
    void set_cause(uint32_t translation, unsigned side, unsigned model, RefillCause cause) {
        uint64_t& causes = records_[translation].causes[side];
        causes = (causes & ~(uint64_t{15} << 4 * model)) | uint64_t{static_cast<uint8_t>(cause)} << 4 * model;
    }
    uint32_t size() const { return count_; }

private:
    struct Record {
        uint64_t key;
        uint64_t causes[2];  // by side: four bits for each model
    };
    static_assert(refill_causes <= 16 && max_models <= 16);
    static constexpr uint32_t none = 0xFFFFFFFF;

    uint32_t slot_of(uint64_t key) const { return static_cast<uint32_t>(key * 0x9E3779B97F4A7C15 >> 32) & mask_; }

    void grow() {
        const uint32_t capacity = capacity_ ? 2 * capacity_ : 4096;
        Record* const records = new Record[capacity];
        for (uint32_t n = 0; n < count_; ++n) records[n] = records_[n];
        delete[] records_, delete[] index_;
        records_ = records, capacity_ = capacity, mask_ = 2 * capacity - 1;
        index_ = new uint32_t[mask_ + 1];
        for (uint32_t n = 0; n <= mask_; ++n) index_[n] = none;
        for (uint32_t n = 0; n < count_; ++n) {
            uint32_t slot = slot_of(records_[n].key);
            while (index_[slot] != none) slot = (slot + 1) & mask_;
            index_[slot] = n;
        }
    }

    Record* records_ = nullptr;
    uint32_t* index_ = nullptr;  // open addressing, at most half full
    uint32_t capacity_ = 0, count_ = 0, mask_ = 0;
};

}  // namespace mm
