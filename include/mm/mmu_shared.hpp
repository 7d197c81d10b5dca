// SPDX-License-Identifier: LGPL-2.1-or-later
// What the models of one CPU have in common: the records of linear pages, the translations, and the size of a large page.
#pragma once

#include "mm/fault.hpp"
#include "mm/page_record.hpp"
#include "mm/translation_table.hpp"

namespace mm {

constexpr unsigned index(AccessKind k) { return static_cast<unsigned>(k); }
constexpr uint8_t mask(AccessKind k) { return static_cast<uint8_t>(1u << index(k)); }
inline constexpr uint8_t data_kinds = mask(AccessKind::read) | mask(AccessKind::write);
inline constexpr uint8_t all_kinds = data_kinds | mask(AccessKind::execute);

class MmuShared {
public:
    // Both arrays are zero, have linear_pages and linear_regions elements, and outlive this. `reserved`: bits of `served` that no
    // model of these `models` sets: while one is clear, no access is taken for served by all.
    MmuShared(PageRecord* pages, RegionRecord* regions, unsigned models, uint16_t reserved, uint32_t most_translations)
        : translations{most_translations}, pages_{pages}, regions_{regions}, models_{static_cast<uint16_t>((1u << models) - 1)},
          filler_{static_cast<uint16_t>(served_by_all & ~(models_ | reserved))} {}
    MmuShared(const MmuShared&) = delete;
    MmuShared& operator=(const MmuShared&) = delete;

    TranslationTable translations;
    TranslationTable::Key key(uint32_t page, Pfn first_frame, bool large) const {
        return TranslationTable::key(page, first_frame, large ? large_shift_ : page_shift);
    }

    unsigned large_shift() const { return large_shift_; }
    void set_large_shift(unsigned shift) { large_shift_ = shift; }
    uint32_t large_page(uint32_t page) const { return page >> (large_shift_ - page_shift); }

    PageRecord& record(uint32_t page) { return pages_[page]; }
    bool served(uint32_t page, AccessKind k) const { return pages_[page].served[index(k)] == served_by_all; }
    // Bits of the models that must be asked.
    uint16_t unserved(uint32_t page, AccessKind k) const { return static_cast<uint16_t>(models_ & ~pages_[page].served[index(k)]); }

    void stamp(uint32_t page, AccessKind k, uint64_t now) {
        pages_[page].used[index(k)] = now;
        regions_[page >> (region_shift - page_shift)].used[index(k)] = now;
    }
    // The latest use of a page, or of a large page, by any of the kinds.
    uint64_t last_use(uint32_t page, bool large, uint8_t kinds) const {
        if (!large) return latest(pages_[page], kinds);
        const unsigned regions = 1u << (large_shift_ - region_shift);
        uint64_t last = 0;
        for (unsigned n = 0; n < regions; ++n)
            if (const uint64_t used = latest(regions_[page * regions + n], kinds); used > last) last = used;
        return last;
    }

    void serve(uint32_t page, AccessKind k, unsigned model, bool through_large) {
        uint16_t& served = pages_[page].served[index(k)];
        served = static_cast<uint16_t>(served | filler_ | 1u << model);
        if (through_large) listed_[page / 64] |= uint64_t{1} << page % 64;
    }
    void withdraw_page(uint32_t page, uint8_t kinds, unsigned model) {
        for (unsigned k = 0; k < access_kinds; ++k)
            if (kinds >> k & 1) pages_[page].served[k] = static_cast<uint16_t>(pages_[page].served[k] & ~(1u << model));
    }
    // The pages of a large page that anybody serves through a large entry. Models that serve some of them alone keep their own.
    void withdraw_large(uint32_t large, uint8_t kinds, unsigned model) {
        const unsigned bits = large_shift_ - page_shift;  // 9 or 10
        for (uint32_t word = (large << bits) / 64; word < ((large + 1) << bits) / 64; ++word)
            for (uint64_t left = listed_[word]; left; left &= left - 1) {
                const uint32_t page = 64 * word + static_cast<uint32_t>(__builtin_ctzll(left));
                withdraw_page(page, kinds, model);
                const PageRecord& r = pages_[page];
                if (((r.served[0] | r.served[1] | r.served[2]) & models_) == 0) listed_[word] &= ~(left & -left);
            }
    }
    // Whether the models may serve the page unasked, as far as stale translations go: trusted_bit, if it is `reserved`.
    void trust(uint32_t page, AccessKind k, bool value) {
        uint16_t& served = pages_[page].served[index(k)];
        served = static_cast<uint16_t>(value ? served | trusted_bit : served & ~trusted_bit);
    }
    void distrust(uint32_t page) {
        for (uint16_t& served : pages_[page].served) served = static_cast<uint16_t>(served & ~trusted_bit);
    }
    // From all models, until each was asked again.
    void withdraw_from_all(uint32_t page) {
        for (uint16_t& served : pages_[page].served) served = 0;
    }

private:
    template <class Record> static uint64_t latest(const Record& r, uint8_t kinds) {
        uint64_t last = 0;
        for (unsigned k = 0; k < access_kinds; ++k)
            if ((kinds >> k & 1) && r.used[k] > last) last = r.used[k];
        return last;
    }

    PageRecord* pages_;
    RegionRecord* regions_;
    uint16_t models_, filler_;
    unsigned large_shift_ = 22;
    uint64_t listed_[linear_pages / 64] = {};  // pages that a large entry serves, or did
};

}  // namespace mm
