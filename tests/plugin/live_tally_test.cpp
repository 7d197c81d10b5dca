// SPDX-License-Identifier: LGPL-2.1-or-later
// Sums over ranges, against a count of single places.
#include "bochs-plugin/live_tally.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "../seed.hpp"

namespace plugin {
namespace {

TEST(LiveTally, CountsWhatHasNoPlaceInTheTotalAlone) {
    LiveTally tally{100, 2, 3};
    tally.add(100, 1), tally.add(~uint64_t{0}, 1), tally.add(99, 1, 5);
    EXPECT_EQ(tally.total(1), 7u);
    EXPECT_EQ(tally.sum(0, ~uint64_t{0}, 1), 5u);
    EXPECT_EQ(tally.total(0), 0u);
    EXPECT_EQ(tally.blocks(), 13u);
    EXPECT_EQ(tally.block(12, 1), 5u) << "the last block is not whole";
}

TEST(LiveTally, SumsAnyRange) {
    std::mt19937 random{tests::seed()};
    const auto below = [&](uint64_t n) { return std::uniform_int_distribution<uint64_t>{0, n - 1}(random); };
    for (int round = 0; round < 200; ++round) {
        const uint64_t places = 1 + below(500);
        const unsigned columns = 1 + static_cast<unsigned>(below(4)), shift = static_cast<unsigned>(below(7));
        LiveTally tally{places, columns, shift};
        std::map<std::pair<unsigned, uint64_t>, uint64_t> naive;
        for (int n = 0; n < 300; ++n) {
            const uint64_t place = below(places), count = below(10);
            const auto column = static_cast<unsigned>(below(columns));
            tally.add(place, column, count);
            naive[{column, place}] += count;
        }
        for (int n = 0; n < 50; ++n) {
            const uint64_t first = below(places + 10), end = first + below(places + 10);
            const auto column = static_cast<unsigned>(below(columns));
            uint64_t wanted = 0;
            for (uint64_t place = first; place < end; ++place) wanted += naive[{column, place}];
            ASSERT_EQ(tally.sum(first, end, column), wanted) << places << " places, blocks of 2^" << shift << ", " << first << " to " << end;
        }
    }
}

}  // namespace
}  // namespace plugin
