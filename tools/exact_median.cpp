// SPDX-License-Identifier: LGPL-2.1-or-later
// Counts numbers in buckets that double in width when there are too many.
#include "exact_median.hpp"

namespace tools {

void ExactMedian::add(uint64_t value) {
    ++all_;
    if (value < from_) ++below_;
    if (value < from_ || value > to_) return;
    ++buckets_[value >> shift_];
    while (buckets_.size() > limit_) coarsen();
}

void ExactMedian::coarsen() {
    std::map<uint64_t, uint64_t> wider;
    for (const auto& [bucket, count] : buckets_) wider[bucket >> 1] += count;
    buckets_.swap(wider);
    ++shift_;
}

ExactMedian::Place ExactMedian::median_bucket() const {
    const uint64_t rank = all_ == 0 ? 0 : (all_ - 1) / 2;  // from 0
    uint64_t below = below_;
    for (const auto& [bucket, count] : buckets_) {
        if (below + count > rank) return {bucket, below};
        below += count;
    }
    return {0, below};
}

void ExactMedian::narrow() {
    const uint64_t bucket = median_bucket().first;
    from_ = bucket << shift_;
    to_ = from_ + ((uint64_t{1} << shift_) - 1);
    buckets_.clear();
    shift_ = 0, below_ = 0, all_ = 0;
}

}  // namespace tools
