// SPDX-License-Identifier: LGPL-2.1-or-later
// Iterations of REP MOVS and STOS that are counted together leave what the hook of each access would have left.
#include "bochs-plugin/string_chunk.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <vector>

#include "tests/seed.hpp"

namespace {

using plugin::Counting;
using plugin::FastPath;
using plugin::StringChunk;

constexpr uint32_t few_pages = 3 * 512;  // three regions, so that both pages may be of one

struct Cpu {
    std::vector<mm::PageRecord> pages = std::vector<mm::PageRecord>(few_pages);
    std::vector<mm::RegionRecord> regions = std::vector<mm::RegionRecord>(mm::linear_regions);
    FastPath fast;

    Cpu() {
        fast.counting = Counting::on;
        fast.pages = pages.data();
        fast.regions = regions.data();
        for (mm::PageRecord& p : pages)
            for (uint16_t& served : p.served) served = mm::served_by_all;
    }
    bool operator==(const Cpu& other) const {
        return fast.clock.now == other.fast.clock.now && fast.clock.fetches == other.fast.clock.fetches &&
               std::memcmp(pages.data(), other.pages.data(), pages.size() * sizeof pages[0]) == 0 &&
               std::memcmp(regions.data(), other.regions.data(), regions.size() * sizeof regions[0]) == 0;
    }
};

// As count_data_access() does for a page that all models serve.
void access(Cpu& cpu, uint32_t page, bool store) { count_served(cpu.fast, cpu.pages[page], page, store); }

StringChunk running() {
    StringChunk chunk;
    chunk.running = true;
    return chunk;
}

TEST(StringChunk, CountsAsTheHooksOfEachIteration) {
    std::mt19937_64 random{tests::seed()};
    Cpu one, other;
    for (int n = 0; n < 2000; ++n) {
        const uint32_t from = static_cast<uint32_t>(random() % few_pages), to = random() % 4 ? static_cast<uint32_t>(random() % few_pages) : from;
        const uint64_t iterations = random() % 5;
        const bool moves = random() % 2;
        StringChunk chunk = running();
        ASSERT_TRUE(!moves || may_access(chunk, one.fast, from, false));
        ASSERT_TRUE(may_access(chunk, one.fast, to, true));
        count_iterations(chunk, one.fast, iterations);
        for (uint64_t i = 0; i < iterations; ++i) {
            if (moves) access(other, from, false);
            access(other, to, true);
        }
        ASSERT_TRUE(one == other) << "chunk " << n;
    }
}

TEST(StringChunk, LeavesAPageThatAModelDoesNotServeToTheHook) {
    Cpu cpu;
    cpu.pages[7].served[0] = mm::served_by_all & ~4;
    StringChunk chunk = running();
    EXPECT_FALSE(may_access(chunk, cpu.fast, 7, false));
    EXPECT_TRUE(may_access(chunk, cpu.fast, 7, true));
    cpu.pages[8].served[1] = 0;
    EXPECT_FALSE(may_access(chunk, cpu.fast, 8, true));
    EXPECT_TRUE(may_access(chunk, cpu.fast, 8, false));
}

// INS and OUTS, and strings of 64-bit code: their routines are not counted.
TEST(StringChunk, LeavesOtherRoutinesToTheHook) {
    Cpu cpu;
    StringChunk chunk;
    EXPECT_FALSE(may_access(chunk, cpu.fast, 7, true));
}

TEST(StringChunk, WaitsForAFetchThatMustBeCountedBefore) {
    Cpu cpu;
    cpu.fast.fetch.deferred = true;
    StringChunk chunk = running();
    EXPECT_TRUE(may_access(chunk, cpu.fast, 7, true));
    cpu.fast.counting = Counting::in_order;
    EXPECT_FALSE(may_access(chunk, cpu.fast, 7, true));
    cpu.fast.fetch.deferred = false;
    EXPECT_TRUE(may_access(chunk, cpu.fast, 7, true));
}

TEST(StringChunk, CountsNothingWithoutPaging) {
    Cpu cpu, untouched;
    cpu.fast.counting = Counting::off;
    StringChunk chunk = running();
    ASSERT_TRUE(may_access(chunk, cpu.fast, 7, true));
    count_iterations(chunk, cpu.fast, 100);
    EXPECT_TRUE(cpu == untouched);
}

}  // namespace
