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
        auto segment = static_cast<unsigned>(limits_.size());
        if (at != lines_.end()) {
            for (segment = 0; segment < limits_.size() && depth >= limits_[segment];) ++segment;
            lines_.erase(at);
        }
        lines_.push_front(line);
        if (lines_.size() > (limits_.empty() ? 0 : limits_.back())) lines_.pop_back();
        return segment;
    }

private:
    LineRecency::Limits limits_;
    std::deque<uint64_t> lines_;
};

TEST(LineRecency, TheFirstReadIsColdAndTheSecondIsNot) {
    LineRecency recency{LineRecency::Limits{1, 2, 3}};
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
    const LineRecency::Limits all[] = {{}, {1}, {5}, {1, 2, 3}, {3, 8}, {4, 16, 64}, {1, 2, 3, 4, 5, 6}, {2, 3, 16, 64, 65, 256}};
    for (const auto& limits : all) {
        LineRecency recency{limits};
        Naive naive{limits};
        for (int i = 0; i < 20000; ++i) {
            const uint64_t line = random() % (random() % 2 ? 8 : (limits.empty() ? 0 : limits.back()) * 2 + 2);
            ASSERT_EQ(recency.read(line), naive.read(line)) << "read " << i << ", " << limits.size() << " limits";
        }
    }
}

}  // namespace
