// SPDX-License-Identifier: LGPL-2.1-or-later
// The median is exact however few buckets there are.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/seed.hpp"
#include "tools/exact_median.hpp"

namespace {

uint64_t median_with(size_t buckets, const std::vector<uint64_t>& values) {
    tools::ExactMedian median{buckets};
    for (const uint64_t v : values) median.add(v);
    while (!median.exact()) {
        median.narrow();
        for (const uint64_t v : values) median.add(v);
    }
    return median.value();
}

TEST(ExactMedian, IsTheMiddleOrTheLowerOfTwo) {
    EXPECT_EQ(median_with(16, {}), 0u);
    EXPECT_EQ(median_with(16, {5}), 5u);
    EXPECT_EQ(median_with(16, {9, 1}), 1u);
    EXPECT_EQ(median_with(16, {9, 1, 4}), 4u);
}

TEST(ExactMedian, NeedsMorePassesButNoMoreMemoryForManyValues) {
    std::mt19937_64 random{tests::seed()};
    for (int round = 0; round < 50; ++round) {
        std::vector<uint64_t> values(1 + random() % 3000);
        const uint64_t range = uint64_t{1} << (1 + random() % 40);
        for (uint64_t& v : values) v = random() % range;
        std::vector<uint64_t> sorted = values;
        std::sort(sorted.begin(), sorted.end());
        ASSERT_EQ(median_with(2 + random() % 64, values), sorted[(sorted.size() - 1) / 2]) << "round " << round;
    }
}

}  // namespace
