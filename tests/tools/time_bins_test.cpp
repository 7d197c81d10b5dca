// SPDX-License-Identifier: LGPL-2.1-or-later
// Bins of time against exact counts.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tests/seed.hpp"
#include "tools/time_bins.hpp"

namespace {

using tools::TimeBins;

TEST(TimeBins, CountByTickUntilTheyAreFull) {
    TimeBins bins{100, 2, 4};
    bins.add(0, 100), bins.add(0, 103, 5), bins.add(1, 101);
    EXPECT_EQ(bins.width(), 1u);
    EXPECT_EQ(bins.used(), 4u);
    EXPECT_EQ(bins.count(0, 3), 5u);
    EXPECT_EQ(bins.count(1, 1), 1u);
    bins.add(0, 104);
    EXPECT_EQ(bins.width(), 2u) << "104 is the first tick beyond four bins of one";
    EXPECT_EQ(bins.used(), 3u);
    EXPECT_EQ(bins.count(0, 0), 1u);
    EXPECT_EQ(bins.count(0, 1), 5u);
    EXPECT_EQ(bins.count(0, 2), 1u);
    EXPECT_EQ(bins.count(1, 0), 1u);
}

TEST(TimeBins, ATimeBeforeTheFirstIsTheFirst) {
    TimeBins bins{100, 1, 2};
    bins.add(0, 3);
    EXPECT_EQ(bins.count(0, 0), 1u);
}

TEST(TimeBins, TheLastTickThatThereIsFits) {
    TimeBins bins{0, 1, 2};
    bins.add(0, 0), bins.add(0, UINT64_MAX);
    EXPECT_EQ(bins.width(), uint64_t{1} << 63);
    EXPECT_EQ(bins.count(0, 0), 1u);
    EXPECT_EQ(bins.count(0, 1), 1u);
}

TEST(TimeBins, AtTheEndEveryEventIsInTheBinOfItsTime) {
    std::mt19937_64 random{tests::seed()};
    for (int round = 0; round < 50; ++round) {
        const uint64_t first = random() % 1000, range = 1 + random() % (uint64_t{1} << random() % 40);
        TimeBins bins{first, 3, 64};
        std::map<std::pair<size_t, uint64_t>, uint64_t> exact;  // by row and time
        for (int i = 0; i < 500; ++i) {
            const uint64_t time = first + random() % range;
            const size_t row = random() % 3;
            bins.add(row, time), ++exact[{row, time}];
        }
        std::map<std::pair<size_t, uint64_t>, uint64_t> expected, counted;
        for (const auto& [key, count] : exact) expected[{key.first, (key.second - first) / bins.width()}] += count;
        for (size_t row = 0; row < 3; ++row)
            for (size_t column = 0; column < bins.used(); ++column)
                if (bins.count(row, column)) counted[{row, column}] = bins.count(row, column);
        EXPECT_EQ(counted, expected);
        EXPECT_GT(bins.used(), bins.width() == 1 ? 0u : 32u) << "no wider than they must be";
        EXPECT_LE(bins.used(), 64u);
    }
}

}  // namespace
