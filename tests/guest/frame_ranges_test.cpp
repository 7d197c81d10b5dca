// SPDX-License-Identifier: LGPL-2.1-or-later
// The set of frames that boot uses, against a bitmap.
#include "guest-kernel/mm/frame_ranges.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/guest/machine.hpp"
#include "tests/guest/random.hpp"

namespace guest_test {
namespace {

using mm::Pages;
using mm::Pfn;

TEST(FrameRanges, JoinsWhatTouches) {
    FrameRanges set = ranges({range(10, 20), range(30, 40), range(20, 30)});
    ASSERT_EQ(set.size(), 1u);
    EXPECT_EQ(set[0].start, Pfn{10});
    EXPECT_EQ(set[0].end, Pfn{40});
}

TEST(FrameRanges, RemovingTheMiddleSplits) {
    FrameRanges set = ranges({range(0, 100)});
    ASSERT_TRUE(set.remove(range(40, 60)));
    ASSERT_EQ(set.size(), 2u);
    EXPECT_EQ(set[0].end, Pfn{40});
    EXPECT_EQ(set[1].start, Pfn{60});
    EXPECT_EQ(set.end(), Pfn{100});
}

TEST(FrameRanges, TakesTheLowestThatFits) {
    FrameRanges set = ranges({range(1, 5), range(9, 40)});
    const Maybe<Pfn> got = set.take_lowest(Pages{4}, 4, Pfn{0}, Pfn{100});
    ASSERT_TRUE(got);
    EXPECT_EQ(*got, Pfn{12});
    EXPECT_FALSE(set.take_lowest(Pages{4}, 1, Pfn{38}, Pfn{100}));
    EXPECT_FALSE(set.take_lowest(Pages{4}, 1, Pfn{9}, Pfn{12}));
    EXPECT_EQ(set.pages_within(range(0, 100)), Pages{31});
}

TEST(FrameRanges, SaysWhenItIsFull) {
    FrameRanges set;
    for (uint32_t i = 0; i < FrameRanges::capacity; ++i) ASSERT_TRUE(set.add(range(i * 10, i * 10 + 5)));
    EXPECT_FALSE(set.add(range(1000000, 1000001)));
    EXPECT_FALSE(set.remove(range(1, 2)));
}

TEST(FrameRanges, MatchesABitmap) {
    Random random;
    FrameRanges set;
    std::vector<bool> model(300, false);
    for (int step = 0; step < 5000; ++step) {
        const uint32_t start = random.below(300), end = start + random.below(300 - start);
        const bool adding = random.one_in(2);
        // 300 frames make at most 150 ranges; skip what would overflow the set.
        if (set.size() + 1 >= FrameRanges::capacity) continue;
        ASSERT_TRUE(adding ? set.add(range(start, end)) : set.remove(range(start, end)));
        for (uint32_t frame = start; frame < end; ++frame) model[frame] = adding;
        ASSERT_TRUE(set.check());
        for (uint32_t frame = 0; frame < 300; ++frame)
            ASSERT_EQ(set.pages_within(range(frame, frame + 1)).raw, model[frame] ? 1u : 0u) << frame;
    }
}

}  // namespace
}  // namespace guest_test
