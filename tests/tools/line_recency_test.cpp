// SPDX-License-Identifier: LGPL-2.1-or-later
// Recency of lines against the obvious way to do it.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "tests/seed.hpp"
#include "tools/line_recency.hpp"

namespace {

using tools::LineRecency;

// Lines in order of use; how deep a line lies is how many others were read since.
class Naive final {
public:
    explicit Naive(LineRecency::Limits limits) : limits_{limits} {}
    unsigned read(uint64_t line) {
        const auto at = std::find(lines_.begin(), lines_.end(), line);
        const auto depth = static_cast<size_t>(at - lines_.begin());
        unsigned segment = 3;
        if (at != lines_.end()) {
            for (segment = 0; segment < 3 && depth >= limits_[segment];) ++segment;
            lines_.erase(at);
        }
        lines_.push_front(line);
        if (lines_.size() > limits_[2]) lines_.pop_back();
        return segment;
    }

private:
    LineRecency::Limits limits_;
    std::deque<uint64_t> lines_;
};

TEST(LineRecency, TheFirstReadIsColdAndTheSecondIsNot) {
    LineRecency recency{{1, 2, 3}};
    EXPECT_EQ(recency.read(7), 3u);
    EXPECT_EQ(recency.read(7), 0u);
    EXPECT_EQ(recency.read(8), 3u);
    EXPECT_EQ(recency.read(7), 1u) << "one other line was read since";
    EXPECT_EQ(recency.read(9), 3u);
    EXPECT_EQ(recency.read(8), 2u);
    EXPECT_EQ(recency.read(10), 3u);
    EXPECT_EQ(recency.read(7), 3u) << "three others: forgotten";
}

TEST(LineRecency, AgreesWithTheNaiveListOnRandomReads) {
    std::mt19937_64 random{tests::seed()};
    const LineRecency::Limits all[] = {{1, 1, 1}, {1, 2, 3}, {2, 2, 5}, {3, 8, 8}, {4, 16, 64}, {16, 64, 256}};
    for (const auto& limits : all) {
        LineRecency recency{limits};
        Naive naive{limits};
        for (int i = 0; i < 20000; ++i) {
            const uint64_t line = random() % (random() % 2 ? 8 : limits[2] * 2 + 2);
            ASSERT_EQ(recency.read(line), naive.read(line)) << "read " << i << ", limits " << limits[0] << ' ' << limits[1] << ' ' << limits[2];
        }
    }
}

}  // namespace
