// SPDX-License-Identifier: LGPL-2.1-or-later
// Counts by time in a number of bins that never grows: where they end, pairs of bins become one, so that each is twice as wide.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <vector>

namespace tools {

class TimeBins final {
public:
    // Bins of one tick from `first` on; `columns` is even. Each row counts something else.
    TimeBins(uint64_t first, size_t rows, size_t columns) : first_{first}, columns_{columns}, counts_(rows * columns) {}

    // A time before the first counts as the first.
    void add(size_t row, uint64_t time, uint64_t count = 1) {
        const uint64_t since = time > first_ ? time - first_ : 0;
        while (since >> shift_ >= columns_) fold();
        const auto column = static_cast<size_t>(since >> shift_);
        if (column >= used_) used_ = column + 1;
        counts_[row * columns_ + column] += count;
    }

    [[nodiscard]] uint64_t first() const { return first_; }
    [[nodiscard]] uint64_t width() const { return uint64_t{1} << shift_; }  // ticks of a bin
    [[nodiscard]] size_t rows() const { return counts_.size() / columns_; }
    [[nodiscard]] size_t used() const { return used_; }                     // columns up to the last that counted something
    [[nodiscard]] uint64_t count(size_t row, size_t column) const { return counts_[row * columns_ + column]; }

private:
    void fold() {
        ++shift_;
        used_ = (used_ + 1) / 2;
        for (size_t row = 0; row < rows(); ++row) {
            uint64_t* const bins = &counts_[row * columns_];
            for (size_t i = 0; i < columns_ / 2; ++i) bins[i] = bins[2 * i] + bins[2 * i + 1];
            for (size_t i = columns_ / 2; i < columns_; ++i) bins[i] = 0;
        }
    }

    const uint64_t first_;
    const size_t columns_;
    unsigned shift_ = 0;
    size_t used_ = 0;
    std::vector<uint64_t> counts_;
};

}  // namespace tools
