// SPDX-License-Identifier: LGPL-2.1-or-later
// The exact median of many numbers in bounded memory: counts per distinct value, and when there are too many distinct
// values, counts per range of values; then another pass over the same numbers looks into the median's range only.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <map>

namespace tools {

class ExactMedian final {
public:
    static constexpr size_t max_buckets = 65536;

    explicit ExactMedian(size_t limit = max_buckets) : limit_{limit} {}

    void add(uint64_t value);

    // False: the median is known only to its range; call narrow() and add all the numbers again, in any order.
    [[nodiscard]] bool exact() const { return shift_ == 0; }
    void narrow();

    // The middle number; of an even count the lower of the two in the middle. 0 if there were none. Needs exact().
    [[nodiscard]] uint64_t value() const { return median_bucket().first; }

private:
    struct Place { uint64_t first, below; };   // a bucket and how many numbers are in the buckets below it
    [[nodiscard]] Place median_bucket() const;
    void coarsen();

    size_t limit_;
    std::map<uint64_t, uint64_t> buckets_;     // value >> shift_ -> count
    unsigned shift_ = 0;
    uint64_t from_ = 0, to_ = UINT64_MAX;      // inclusive: only these are counted in buckets
    uint64_t below_ = 0, all_ = 0;             // numbers smaller than from_; all numbers
};

}  // namespace tools
