// SPDX-License-Identifier: LGPL-2.1-or-later
// Spans in blocks.
#include <gtest/gtest.h>

#include <random>

#include "tests/seed.hpp"
#include "tools/span_blocks.hpp"

namespace {

using tools::SpanBlocks;

TEST(SpanBlocks, FewSpansAreBlocksOfTheirOwn) {
    SpanBlocks spans;
    spans.begin(0, 7, 10), spans.begin(0, 8, 12), spans.end(0, 8, 13), spans.end(0, 7, 20);
    spans.begin(0, 7, 20), spans.end(0, 7, 25);
    const auto lanes = spans.lanes();
    ASSERT_EQ(lanes.size(), 2u);
    EXPECT_EQ(lanes[0].blocks, (std::vector<SpanBlocks::Block>{{10, 20, 1}, {20, 25, 1}}));
    EXPECT_EQ(lanes[1].blocks, (std::vector<SpanBlocks::Block>{{12, 13, 1}}));
    EXPECT_EQ(spans.grain(), 0u);
}

TEST(SpanBlocks, ASpanInItselfIsOne) {
    SpanBlocks spans;
    spans.begin(0, 1, 10), spans.begin(0, 1, 11), spans.end(0, 1, 12), spans.end(0, 1, 20), spans.end(0, 1, 30);
    ASSERT_EQ(spans.lanes().size(), 1u);
    EXPECT_EQ(spans.lanes()[0].blocks, (std::vector<SpanBlocks::Block>{{10, 20, 1}}));
}

TEST(SpanBlocks, WhatIsOpenAtTheEndEndsThere) {
    SpanBlocks spans;
    spans.begin(0, 1, 10), spans.begin(1, 1, 11);
    spans.end_all(0, 50);
    const auto lanes = spans.lanes();
    EXPECT_EQ(lanes[0].blocks, (std::vector<SpanBlocks::Block>{{10, 50, 1}}));
    EXPECT_TRUE(lanes[1].blocks.empty()) << "of another CPU";
}

TEST(SpanBlocks, ManySpansAreFewBlocksThatLoseNone) {
    std::mt19937_64 random{tests::seed()};
    SpanBlocks spans;
    std::map<uint16_t, uint64_t> count, first, last;
    uint64_t time = 0;
    for (int i = 0; i < 100'000; ++i) {
        const auto span = static_cast<uint16_t>(random() % 5);
        time += random() % (i % 1000 == 0 ? 100'000 : 50);
        first.try_emplace(span, time);
        spans.begin(0, span, time);
        time += 1 + random() % 20;
        spans.end(0, span, time);
        ++count[span], last[span] = time;
    }
    size_t blocks = 0;
    for (const SpanBlocks::Lane& lane : spans.lanes()) {
        uint64_t sum = 0, end = 0;
        for (const SpanBlocks::Block& b : lane.blocks) {
            EXPECT_TRUE(sum == 0 || b.begin - end >= spans.grain()) << "nearer ones would be one block";
            EXPECT_LT(b.begin, b.end);
            sum += b.spans, end = b.end;
        }
        EXPECT_EQ(sum, count[lane.span]);
        EXPECT_EQ(lane.blocks.front().begin, first[lane.span]);
        EXPECT_EQ(lane.blocks.back().end, last[lane.span]);
        blocks += lane.blocks.size();
    }
    EXPECT_LE(blocks, SpanBlocks::most_blocks);
    EXPECT_GT(spans.grain(), 0u);
}

TEST(SpanBlocks, KindsBeyondTheRoomAreCounted) {
    SpanBlocks spans;
    for (uint16_t span = 0; span < SpanBlocks::most_lanes + 3; ++span) spans.begin(0, span, span), spans.end(0, span, span + 1u);
    EXPECT_EQ(spans.lanes().size(), SpanBlocks::most_lanes);
    EXPECT_EQ(spans.left_out(), 3u);
}

}  // namespace
