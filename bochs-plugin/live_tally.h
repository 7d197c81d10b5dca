// SPDX-License-Identifier: LGPL-2.1-or-later
// Counts of what happens at places, frames or linear pages: exact for any range of them, quick to sum up.
//
//   places: | 0 1 2 ... | ...      each with a count in every column     blocks: the sums of 1 << block_shift places each
#pragma once

#include <algorithm>
#include <vector>

#include "table_watch.h"

namespace plugin {

class LiveTally {
public:
    LiveTally(uint64_t places, unsigned columns, unsigned block_shift)
        : places_{places}, columns_{columns}, shift_{block_shift}, blocks_{((places - 1) >> block_shift) + 1}, place_{make_sparse<uint32_t>(places * columns)},
          block_(blocks_ * columns), total_(columns) {}

    uint64_t places() const { return places_; }
    unsigned block_shift() const { return shift_; }
    uint64_t blocks() const { return blocks_; }

    // A place beyond the last one counts in the total alone.
    void add(uint64_t place, unsigned column, uint64_t count = 1) {
        total_[column] += count;
        if (place >= places_) return;
        if (place_) place_[place * columns_ + column] += static_cast<uint32_t>(count);
        block_[(place >> shift_) * columns_ + column] += count;
    }
    uint64_t total(unsigned column) const { return total_[column]; }
    uint64_t block(uint64_t number, unsigned column) const { return block_[number * columns_ + column]; }
    // Of places [first, end). Where the host has no room for single places, whole blocks of them only.
    uint64_t sum(uint64_t first, uint64_t end, unsigned column) const {
        end = std::min(end, places_);
        uint64_t all = 0;
        while (first < end) {
            const uint64_t next = ((first >> shift_) + 1) << shift_;
            if (first == next - (uint64_t{1} << shift_) && (next <= end || end == places_)) all += block(first >> shift_, column), first = next;
            else all += place_ ? place_[first * columns_ + column] : 0, ++first;
        }
        return all;
    }

private:
    uint64_t places_;
    unsigned columns_, shift_;
    uint64_t blocks_;
    Sparse<uint32_t> place_;          // by place, its columns together; what is never counted takes no memory
    std::vector<uint64_t> block_;     // by block, its columns together
    std::vector<uint64_t> total_;     // with what has no place
};

}  // namespace plugin
