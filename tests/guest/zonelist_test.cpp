// SPDX-License-Identifier: LGPL-2.1-or-later
// Fallback between zones, watermarks, reserves, and why a request fails.
#include "guest-kernel/mm/zonelist.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/guest/machine.hpp"
#include "tests/guest/random.hpp"

namespace guest_test {
namespace {

using mm::Pages;
using mm::Pfn;

// 1 GiB at 3:1 with the first 2 MiB taken by the kernel.
class ZonelistTest : public testing::Test {
protected:
    static constexpr uint32_t end = 262128;

    ZonelistTest() {
        FrameRanges unused = pc_ram(end);
        require(unused.remove(range(0, 512)), "test: range");
        zones.add(unused);
    }

    // Allocates single frames until the request fails; returns why.
    Shortage drain(Request request) {
        for (;;) {
            const Allocation got = zones.allocate(request, 0);
            if (!got) return got.why;
            held.push_back(got.first);
        }
    }
    uint32_t free_in(ZoneType z) const { return zones.zone(z).buddy().free_pages().raw; }

    PageMap map{end};
    Zonelist zones{classic(mm::Split::u3k1), pc_ram(end), map.table()};
    std::vector<Pfn> held;
};

TEST_F(ZonelistTest, EachRequestStartsInItsBestZone) {
    EXPECT_EQ(zones.zone_of(zones.allocate(gfp_highuser, 0).first).type(), ZoneType::highmem);
    EXPECT_EQ(zones.zone_of(zones.allocate(gfp_kernel, 0).first).type(), ZoneType::normal);
    EXPECT_EQ(zones.zone_of(zones.allocate(gfp_dma, 0).first).type(), ZoneType::dma);
    EXPECT_EQ(zones.fallbacks(), 0u);
    EXPECT_TRUE(zones.check());
}

// What reclaim gives back: the frames that the test holds, 32 at a time; and how often it was asked.
struct Reclaimed {
    Zonelist* zones;
    std::vector<Pfn> cache;
    unsigned calls = 0;
} reclaimed;

bool reclaim_some(Request) {
    ++reclaimed.calls;
    unsigned freed = 0;
    for (; freed < 32 && !reclaimed.cache.empty(); ++freed, reclaimed.cache.pop_back()) reclaimed.zones->free(reclaimed.cache.back(), 0);
    return freed != 0;
}

TEST_F(ZonelistTest, ReclaimComesBetweenTheLowAndTheMinWatermark) {
    EXPECT_EQ(drain(gfp_highuser), Shortage::watermark);
    reclaimed = {&zones, {}, 0};
    reclaimed.cache.assign(held.end() - 1000, held.end());  // lowmem
    held.resize(held.size() - 1000);
    zones.set_reclaim(reclaim_some);
    EXPECT_TRUE(zones.allocate(gfp_atomic, 0));
    EXPECT_EQ(reclaimed.calls, 0u) << "a request that cannot wait asks nobody";
    EXPECT_EQ(drain(gfp_highuser), Shortage::watermark);
    EXPECT_TRUE(reclaimed.cache.empty()) << "everything was taken before the request failed";
    const unsigned calls = reclaimed.calls;
    EXPECT_FALSE(zones.allocate(gfp_highuser, 0));
    EXPECT_EQ(reclaimed.calls, calls + 1) << "asked once more, in vain";
    zones.set_reclaim(nullptr);
    EXPECT_FALSE(zones.allocate(gfp_highuser, 0));
    EXPECT_EQ(reclaimed.calls, calls + 1);
    EXPECT_TRUE(zones.check());
}

TEST_F(ZonelistTest, HighmemFallsBackAndLeavesTheReserve) {
    EXPECT_EQ(drain(gfp_highuser), Shortage::watermark);
    EXPECT_GT(zones.fallbacks(), 200000u);
    const Zone &high = zones.zone(ZoneType::highmem), &normal = zones.zone(ZoneType::normal), &dma = zones.zone(ZoneType::dma);
    EXPECT_EQ(free_in(ZoneType::highmem), high.watermarks.min.raw);
    EXPECT_EQ(free_in(ZoneType::normal), normal.watermarks.min.raw + normal.reserve[2].raw);
    EXPECT_EQ(free_in(ZoneType::dma), dma.watermarks.min.raw + dma.reserve[2].raw);
    EXPECT_TRUE(zones.check());

    // The kernel still gets what highmem users had to leave, and then what only DMA requests may have.
    EXPECT_TRUE(zones.allocate(gfp_kernel, 0));
    EXPECT_EQ(drain(gfp_kernel), Shortage::watermark);
    EXPECT_EQ(free_in(ZoneType::normal), normal.watermarks.min.raw);
    EXPECT_TRUE(zones.allocate(gfp_dma, 0));
}

TEST_F(ZonelistTest, UrgentRequestsDigDeeper) {
    EXPECT_EQ(drain(gfp_kernel), Shortage::watermark);
    EXPECT_EQ(drain(gfp_atomic), Shortage::watermark);
    const uint32_t min = zones.zone(ZoneType::normal).watermarks.min.raw;
    const uint32_t half = min - min / 2;
    EXPECT_EQ(free_in(ZoneType::normal), half - half / 4);
    EXPECT_EQ(drain({ZoneType::normal, Urgency::emergency}), Shortage::exhausted);
    EXPECT_EQ(free_in(ZoneType::normal), 0u);
    EXPECT_EQ(free_in(ZoneType::dma), 0u);
    EXPECT_GT(free_in(ZoneType::highmem), 30000u) << "highmem cannot serve the kernel";
}

TEST_F(ZonelistTest, SaysThatMemoryIsFragmented) {
    EXPECT_EQ(drain({ZoneType::normal, Urgency::emergency}), Shortage::exhausted);
    for (size_t i = 0; i < held.size(); ++i)
        if (held[i].raw % 2 == 0) zones.free(held[i], 0);
    EXPECT_GT(free_in(ZoneType::normal), 100000u);
    const uint32_t pages = zones.refusals(0), pairs = zones.refusals(1);
    EXPECT_EQ(zones.allocate(gfp_kernel, 1).why, Shortage::fragmented);
    EXPECT_EQ(zones.refusals(1), pairs + 1);
    EXPECT_EQ(zones.refusals(0), pages);
    EXPECT_EQ(zones.allocate(gfp_kernel, max_order).why, Shortage::too_large);
    EXPECT_TRUE(zones.allocate(gfp_kernel, 0));
}

TEST_F(ZonelistTest, SharedFramesAreFreedByTheLastRelease) {
    const Allocation got = zones.allocate(gfp_highuser, 0);
    ASSERT_TRUE(got);
    const Pages before = zones.free_pages();
    zones.share(got.first);
    zones.release(got.first);
    EXPECT_EQ(zones.free_pages(), before);
    zones.release(got.first);
    EXPECT_EQ(zones.free_pages(), before + Pages{1});
    EXPECT_THROW(zones.release(got.first), std::logic_error);
}

TEST_F(ZonelistTest, EverythingComesBack) {
    Random random;
    const Pages before = zones.free_pages();
    struct Block { Pfn first; unsigned order; };
    std::vector<Block> blocks;
    constexpr Request requests[] = {gfp_dma, gfp_kernel, gfp_atomic, gfp_highuser};
    for (int step = 0; step < 20000; ++step) {
        const unsigned order = random.below(6);
        const Allocation got = zones.allocate(requests[random.below(4)], order);
        if (got) blocks.push_back({got.first, order});
        if (!blocks.empty() && random.one_in(3)) {
            std::swap(blocks[random.below(static_cast<uint32_t>(blocks.size()))], blocks.back());
            zones.free(blocks.back().first, blocks.back().order);
            blocks.pop_back();
        }
    }
    EXPECT_TRUE(zones.check());
    for (const Block& block : blocks) zones.free(block.first, block.order);
    EXPECT_EQ(zones.free_pages(), before);
    EXPECT_TRUE(zones.check());
}

TEST(Zonelist, WithoutHighmemUserPagesComeFromNormal) {
    PageMap map{262128};
    Zonelist zones{classic(mm::Split::u2k2), pc_ram(262128), map.table()};
    zones.add(ranges({range(512, 262128)}));
    EXPECT_EQ(zones.zone(ZoneType::highmem).spanned(), Pages{0});
    EXPECT_EQ(zones.zone_of(zones.allocate(gfp_highuser, 0).first).type(), ZoneType::normal);
    EXPECT_TRUE(zones.check());
}

TEST(Zonelist, WithDmaMemoryOnlyEveryRequestIsServedFromIt) {
    PageMap map{2048};
    Zonelist zones{classic(mm::Split::u3k1), pc_ram(2048), map.table()};
    zones.add(ranges({range(512, 2048)}));
    for (Request request : {gfp_dma, gfp_kernel, gfp_atomic, gfp_highuser, Request{ZoneType::normal, Urgency::emergency}})
        EXPECT_EQ(zones.zone_of(zones.allocate(request, 0).first).type(), ZoneType::dma);
    EXPECT_EQ(zones.free_pages(), Pages{1536 - 5});
    EXPECT_TRUE(zones.check());
}

}  // namespace
}  // namespace guest_test
