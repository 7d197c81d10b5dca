// SPDX-License-Identifier: LGPL-2.1-or-later
// The buddy allocator: splitting, joining, misuse, and a random run against a plain map of owners.
#include "guest-kernel/mm/buddy.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/guest/machine.hpp"
#include "tests/guest/random.hpp"

namespace guest_test {
namespace {

using mm::Pages;
using mm::Pfn;

TEST(Buddy, HoldsNothingUntilMemoryIsAdded) {
    PageMap map{4096};
    Buddy buddy{map.table(), Pfn{0}, Pfn{4096}};
    EXPECT_EQ(buddy.free_pages(), Pages{0});
    EXPECT_FALSE(buddy.take(0));
    EXPECT_TRUE(buddy.check());
}

TEST(Buddy, AddsTheLargestAlignedBlocks) {
    PageMap map{4096};
    Buddy buddy{map.table(), Pfn{0}, Pfn{4096}};
    buddy.add(Pfn{1}, Pfn{1024 + 3});  // 1, 2-3, 4-7, ... 512-1023, 1024-1025, 1026
    EXPECT_EQ(buddy.free_pages(), Pages{1026});
    EXPECT_EQ(buddy.free_blocks(0), 2u);
    EXPECT_EQ(buddy.free_blocks(1), 2u);
    for (unsigned order = 2; order <= 9; ++order) EXPECT_EQ(buddy.free_blocks(order), 1u) << order;
    EXPECT_EQ(buddy.free_blocks(10), 0u);
    EXPECT_TRUE(buddy.check());
}

TEST(Buddy, HandsOutTheLowestFirst) {
    PageMap map{4096};
    Buddy buddy{map.table(), Pfn{0}, Pfn{4096}};
    buddy.add(Pfn{100}, Pfn{4096});
    EXPECT_EQ(*buddy.take(10), Pfn{1024});
    EXPECT_EQ(*buddy.take(0), Pfn{100});
    EXPECT_EQ(*buddy.take(0), Pfn{101});
}

TEST(Buddy, SplitsAndJoinsAgain) {
    PageMap map{4096};
    Buddy buddy{map.table(), Pfn{1024}, Pfn{2048}};
    buddy.add(Pfn{1024}, Pfn{2048});
    const Maybe<Pfn> page = buddy.take(0);
    ASSERT_TRUE(page);
    for (unsigned order = 0; order < 10; ++order) EXPECT_EQ(buddy.free_blocks(order), 1u) << order;
    EXPECT_EQ(map.table()[*page].users, 1u);
    buddy.give(*page, 0);
    EXPECT_EQ(buddy.free_blocks(10), 1u);
    EXPECT_TRUE(buddy.check());
}

TEST(Buddy, DoesNotJoinAcrossTheZonesEnd) {
    PageMap map{4096};
    Buddy low{map.table(), Pfn{0}, Pfn{3}}, high{map.table(), Pfn{3}, Pfn{4}};
    low.add(Pfn{0}, Pfn{3});
    high.add(Pfn{3}, Pfn{4});
    EXPECT_EQ(low.free_blocks(1), 1u);
    EXPECT_EQ(low.free_blocks(0), 1u);
    EXPECT_EQ(high.free_blocks(0), 1u);
    EXPECT_TRUE(low.check() && high.check());
}

TEST(Buddy, JoinsRangesThatWereAddedApart) {
    PageMap map{4096};
    Buddy buddy{map.table(), Pfn{0}, Pfn{4096}};
    buddy.add(Pfn{5}, Pfn{1024});
    buddy.add(Pfn{0}, Pfn{5});
    EXPECT_EQ(buddy.free_blocks(10), 1u);
    EXPECT_TRUE(buddy.check());
}

TEST(Buddy, RejectsMisuse) {
    PageMap map{4096};
    Buddy buddy{map.table(), Pfn{0}, Pfn{2048}};
    buddy.add(Pfn{0}, Pfn{1024});
    const Maybe<Pfn> pair = buddy.take(1);
    ASSERT_TRUE(pair);
    EXPECT_THROW(buddy.give(*pair, 0), std::logic_error) << "another order";
    buddy.give(*pair, 1);
    EXPECT_THROW(buddy.give(*pair, 1), std::logic_error) << "twice";
    EXPECT_THROW(buddy.add(Pfn{2048}, Pfn{2049}), std::logic_error) << "outside the zone";
    EXPECT_THROW(static_cast<void>(buddy.take(max_order)), std::logic_error);
}

TEST(Buddy, CheckSeesDamage) {
    PageMap map{4096};
    const FrameTable frames = map.table();
    Buddy buddy{frames, Pfn{0}, Pfn{2048}};
    buddy.add(Pfn{0}, Pfn{2048});
    frames[Pfn{1024}].order = 9;
    EXPECT_FALSE(buddy.check());
    frames[Pfn{1024}].order = 10;
    EXPECT_TRUE(buddy.check());
    frames[Pfn{7}].state = PageState::used;
    EXPECT_FALSE(buddy.check()) << "a used frame inside a free block";
}

// Random blocks against a plain map of who owns each frame; all of it freed gives the first state back.
TEST(Buddy, MatchesANaiveModel) {
    Random random;
    constexpr uint32_t start = 4096, end = 4096 + 6000;  // ends inside a block
    PageMap map{end};
    Buddy buddy{map.table(), Pfn{start}, Pfn{end}};
    buddy.add(Pfn{start}, Pfn{end});
    std::vector<uint32_t> initial;
    for (unsigned order = 0; order < max_order; ++order) initial.push_back(buddy.free_blocks(order));

    struct Block { uint32_t first; unsigned order; };
    std::vector<Block> held;
    std::vector<bool> owned(end, false);
    uint32_t free = end - start;
    for (int step = 0; step < 20000; ++step) {
        if (held.empty() || random.below(100) < 55) {
            const unsigned order = random.one_in(10) ? random.below(max_order) : random.below(3);
            const Maybe<Pfn> got = buddy.take(order);
            if (!got) {
                EXPECT_EQ(step < 10, false) << "an almost empty zone must have a block";
                continue;
            }
            const uint32_t first = (*got).raw, size = 1u << order;
            ASSERT_EQ(first % size, 0u);
            ASSERT_TRUE(first >= start && first + size <= end);
            for (uint32_t frame = first; frame < first + size; ++frame) {
                ASSERT_FALSE(owned[frame]) << "frame " << frame << " handed out twice";
                owned[frame] = true;
            }
            free -= size;
            held.push_back({first, order});
        } else {
            const uint32_t index = random.below(static_cast<uint32_t>(held.size()));
            const Block block = held[index];
            held[index] = held.back();
            held.pop_back();
            for (uint32_t frame = block.first; frame < block.first + (1u << block.order); ++frame) owned[frame] = false;
            buddy.give(Pfn{block.first}, block.order);
            free += 1u << block.order;
        }
        ASSERT_EQ(buddy.free_pages(), Pages{free});
        if (step % 500 == 0) {
            ASSERT_TRUE(buddy.check());
        }
    }
    for (const Block& block : held) buddy.give(Pfn{block.first}, block.order);
    ASSERT_TRUE(buddy.check());
    for (unsigned order = 0; order < max_order; ++order) EXPECT_EQ(buddy.free_blocks(order), initial[order]) << order;
}

}  // namespace
}  // namespace guest_test
