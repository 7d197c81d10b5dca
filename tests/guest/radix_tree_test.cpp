// SPDX-License-Identifier: LGPL-2.1-or-later
// The radix tree against std::map, with memory that runs out now and then.
#include "guest-kernel/mm/radix_tree.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>

#include "../seed.hpp"

namespace {

struct Memory {
    struct State {
        int blocks = 0;
        int left = -1;  // allocations that still succeed; -1: all
    };
    State* state;
    void* allocate(uint32_t bytes) const {
        if (state->left == 0) return nullptr;
        if (state->left > 0) --state->left;
        ++state->blocks;
        return std::malloc(bytes);
    }
    void free(void* block) const {
        --state->blocks;
        std::free(block);
    }
};
using Tree = guest::RadixTree<Memory>;

TEST(RadixTree, KeepsWhatIsInserted) {
    Memory::State state;
    Tree tree{{&state}};
    int items[3];
    EXPECT_EQ(tree.find(0), nullptr);
    EXPECT_EQ(tree.remove(5), nullptr);
    const uint32_t far = 0xFFFFFFFF;
    ASSERT_TRUE(tree.insert(0, &items[0]));
    ASSERT_TRUE(tree.insert(63, &items[1]));
    EXPECT_EQ(tree.nodes(), 1u);
    ASSERT_TRUE(tree.insert(far, &items[2]));
    EXPECT_EQ(tree.nodes(), 11u);  // six levels, five of them twice
    EXPECT_EQ(tree.find(0), &items[0]);
    EXPECT_EQ(tree.find(63), &items[1]);
    EXPECT_EQ(tree.find(far), &items[2]);
    EXPECT_EQ(tree.find(64), nullptr);
    EXPECT_EQ(tree.remove(far), &items[2]);
    EXPECT_EQ(tree.remove(0), &items[0]);
    EXPECT_EQ(tree.remove(63), &items[1]);
    EXPECT_TRUE(tree.empty());
    EXPECT_EQ(state.blocks, 0);
}

// Whichever allocation fails, the tree is as it was and nothing is lost.
TEST(RadixTree, AFailedInsertLeavesNothing) {
    for (uint32_t first : {0u, 70u, 0x1000u})
        for (int fail = 0; fail < 6; ++fail) {
            Memory::State state;
            Tree tree{{&state}};
            int items[2];
            ASSERT_TRUE(tree.insert(first, &items[0]));
            const int before = state.blocks;
            state.left = fail;
            const bool inserted = tree.insert(0x80000000, &items[1]);
            state.left = -1;
            EXPECT_EQ(tree.find(first), &items[0]);
            EXPECT_EQ(tree.find(0x80000000), inserted ? &items[1] : nullptr);
            EXPECT_EQ(tree.remove(0x80000000), inserted ? &items[1] : nullptr);
            EXPECT_EQ(tree.remove(first), &items[0]);
            EXPECT_EQ(state.blocks, 0) << first << " " << fail << " before " << before;
        }
}

TEST(RadixTree, AgreesWithAMap) {
    std::mt19937 random{tests::seed()};
    for (int round = 0; round < 20; ++round) {
        Memory::State state;
        Tree tree{{&state}};
        std::map<uint32_t, int*> model;
        static int items[64];
        const uint32_t spread = round % 3 == 0 ? 0xFFFFFFFF : round % 3 == 1 ? 200 : 100000;
        for (int step = 0; step < 2000; ++step) {
            const uint32_t index = static_cast<uint32_t>(random()) & spread;
            state.left = random() % 4 == 0 ? static_cast<int>(random() % 3) : -1;
            if (model.count(index) != 0) {
                ASSERT_EQ(tree.remove(index), model[index]);
                model.erase(index);
            } else if (int* const item = &items[random() % 64]; tree.insert(index, item)) {
                model[index] = item;
            }
            const uint32_t other = static_cast<uint32_t>(random()) & spread;
            const auto found = model.find(other);
            ASSERT_EQ(tree.find(other), found == model.end() ? nullptr : found->second);
        }
        for (const auto& [index, item] : model) ASSERT_EQ(tree.remove(index), item);
        ASSERT_TRUE(tree.empty());
        ASSERT_EQ(state.blocks, 0);
    }
}

}  // namespace
