// SPDX-License-Identifier: LGPL-2.1-or-later
// vmalloc: address ranges against an interval list, frames and flushes counted.
#include "guest-kernel/mm/vmalloc.hpp"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "tests/guest/machine.hpp"
#include "tests/guest/random.hpp"

namespace guest_test {
namespace {

using mm::Pages;
using mm::Pfn;
using mm::VirtAddr;

constexpr uint32_t start = 0xF8800000, stop = 0xFF7FE000, end = 262128;

TEST(VmAreas, FirstFitWithAGuardPage) {
    VmArea table[8];
    VmAreas areas{VirtAddr{start}, VirtAddr{start + 10 * 4096}, table, 8};
    EXPECT_EQ(*areas.reserve(Pages{2}), VirtAddr{start});
    EXPECT_EQ(*areas.reserve(Pages{1}), VirtAddr{start + 3 * 4096});
    EXPECT_EQ(*areas.reserve(Pages{4}), VirtAddr{start + 5 * 4096});
    EXPECT_FALSE(areas.reserve(Pages{1})) << "full to the last guard page";
    EXPECT_EQ(areas.release(VirtAddr{start}), Pages{2});
    EXPECT_EQ(areas.release(VirtAddr{start}), Pages{0});
    EXPECT_EQ(*areas.reserve(Pages{1}), VirtAddr{start});
    EXPECT_TRUE(areas.check());
}

TEST(VmAreas, SaysWhenTheTableIsFull) {
    VmArea table[2];
    VmAreas areas{VirtAddr{start}, VirtAddr{stop}, table, 2};
    EXPECT_TRUE(areas.reserve(Pages{1}));
    EXPECT_TRUE(areas.reserve(Pages{1}));
    EXPECT_FALSE(areas.reserve(Pages{1}));
}

TEST(VmAreas, MatchesAnIntervalList) {
    Random random;
    constexpr uint32_t room = 400;
    VmArea table[128];
    VmAreas areas{VirtAddr{start}, VirtAddr{start + room * 4096}, table, 128};
    std::map<uint32_t, uint32_t> model;  // page offset -> pages with guard
    for (int step = 0; step < 20000; ++step) {
        if (model.empty() || random.one_in(2)) {
            const uint32_t pages = 1 + random.below(12);
            uint32_t expected = 0;
            for (const auto& [at, size] : model) {
                if (at - expected >= pages + 1) break;
                expected = at + size;
            }
            const Maybe<VirtAddr> got = areas.reserve(Pages{pages});
            const bool fits = expected + pages + 1 <= room && model.size() < 128;
            ASSERT_EQ(static_cast<bool>(got), fits);
            if (!fits) continue;
            ASSERT_EQ((*got).raw, start + expected * 4096);
            model[expected] = pages + 1;
        } else {
            auto entry = model.begin();
            std::advance(entry, random.below(static_cast<uint32_t>(model.size())));
            ASSERT_EQ(areas.release(VirtAddr{start + entry->first * 4096}).raw, entry->second - 1);
            model.erase(entry);
        }
        ASSERT_TRUE(areas.check());
    }
}

class VmallocTest : public testing::Test {
protected:
    VmallocTest() { zones.add(ranges({range(512, end)})); }

    PageMap map{end};
    Zonelist zones{classic(mm::Split::u3k1), pc_ram(end), map.table()};
    FakeMapper mapper;
    VmArea table[64];
    Vmalloc<FakeMapper> vmalloc{mapper, zones, VirtAddr{start}, VirtAddr{stop}, table, 64};
};

TEST_F(VmallocTest, MapsHighmemFramesAndLeavesAGuard) {
    const Maybe<VirtAddr> got = vmalloc.allocate(3 * 4096 + 1);
    ASSERT_TRUE(got);
    EXPECT_EQ(*got, VirtAddr{start});
    EXPECT_EQ(mapper.entries.size(), 4u);
    for (const auto& entry : mapper.entries) EXPECT_GE(entry.second, 229376u) << "highmem first";
    EXPECT_EQ(mapper.full_flushes + mapper.page_flushes, 0u);
    EXPECT_EQ(*vmalloc.allocate(1), VirtAddr{start + 5 * 4096}) << "page 4 is the guard";
}

TEST_F(VmallocTest, FreeUnmapsFlushesOnceAndReturnsTheFrames) {
    const Pages before = zones.free_pages();
    const Maybe<VirtAddr> got = vmalloc.allocate(100 * 4096);
    ASSERT_TRUE(got);
    EXPECT_EQ(before - zones.free_pages(), Pages{100});
    vmalloc.free(*got);
    EXPECT_TRUE(mapper.entries.empty());
    EXPECT_EQ(mapper.full_flushes, 1u);
    EXPECT_EQ(zones.free_pages(), before);
    EXPECT_TRUE(zones.check());
    EXPECT_THROW(vmalloc.free(*got), std::logic_error);
}

TEST_F(VmallocTest, AFailureHalfWayGivesEverythingBack) {
    const Pages before = zones.free_pages();
    mapper.fail_after = 10;
    EXPECT_FALSE(vmalloc.allocate(50 * 4096));
    EXPECT_TRUE(mapper.entries.empty());
    EXPECT_EQ(zones.free_pages(), before);
    EXPECT_EQ(vmalloc.areas().size(), 0u);
    mapper.fail_after = -1;
    EXPECT_FALSE(vmalloc.allocate(0));
    EXPECT_FALSE(vmalloc.allocate(0xFFFFF000));
    EXPECT_FALSE(vmalloc.allocate(112 << 20)) << "larger than the window";
    EXPECT_TRUE(zones.check());
}

TEST_F(VmallocTest, RandomAreasNeverShareAPageOrAFrame) {
    Random random;
    const Pages before = zones.free_pages();
    std::vector<VirtAddr> held;
    for (int step = 0; step < 3000; ++step) {
        if (held.empty() || random.one_in(2)) {
            const Maybe<VirtAddr> got = vmalloc.allocate(1 + random.below(20 * 4096));
            if (got) held.push_back(*got);
        } else {
            std::swap(held[random.below(static_cast<uint32_t>(held.size()))], held.back());
            vmalloc.free(held.back());
            held.pop_back();
        }
        ASSERT_TRUE(vmalloc.areas().check());
        ASSERT_EQ((before - zones.free_pages()).raw, mapper.entries.size());
    }
    for (VirtAddr at : held) vmalloc.free(at);
    EXPECT_EQ(zones.free_pages(), before);
    EXPECT_TRUE(zones.check());
}

}  // namespace
}  // namespace guest_test
