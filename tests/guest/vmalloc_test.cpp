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

// Tables from the heap, none when told so.
bool heap_is_full;
unsigned tables_out;
constexpr AreaStore heap{
    [](uint32_t count) -> VmArea* { return heap_is_full ? nullptr : (++tables_out, new VmArea[count]); },
    [](VmArea* table) { --tables_out, delete[] table; },
};

class VmAreasTest : public testing::Test {
protected:
    VmAreasTest() { heap_is_full = false, tables_out = 0; }

    Maybe<VirtAddr> reserve(VmAreas& areas, uint32_t pages) {
        if (!areas.make_room()) return {};
        return areas.reserve({{}, Pages{pages}, {}, nullptr, AreaUse::memory});
    }
    VmArea table[4];
};

TEST_F(VmAreasTest, FirstFitWithAGuardPageAfterThePurge) {
    VmAreas areas{VirtAddr{start}, VirtAddr{start + 10 * 4096}, table, 4, heap};
    EXPECT_EQ(*reserve(areas, 2), VirtAddr{start});
    EXPECT_EQ(*reserve(areas, 1), VirtAddr{start + 3 * 4096});
    EXPECT_EQ(*reserve(areas, 4), VirtAddr{start + 5 * 4096});
    EXPECT_FALSE(reserve(areas, 1)) << "full to the last guard page";
    EXPECT_EQ((*areas.retire(VirtAddr{start})).pages, Pages{2});
    EXPECT_FALSE(areas.retire(VirtAddr{start})) << "lazy already";
    EXPECT_FALSE(areas.retire(VirtAddr{start + 4096})) << "no area starts there";
    EXPECT_FALSE(reserve(areas, 1)) << "lazy addresses serve nobody";
    EXPECT_EQ(areas.lazy_pages(), Pages{3});
    areas.forget_lazy();
    EXPECT_EQ(*reserve(areas, 1), VirtAddr{start});
    EXPECT_TRUE(areas.check());
}

TEST_F(VmAreasTest, TheTableGrowsAndComesBack) {
    VmAreas areas{VirtAddr{start}, VirtAddr{stop}, table, 4, heap};
    for (uint32_t i = 0; i < 100; ++i) ASSERT_TRUE(reserve(areas, 1));
    EXPECT_EQ(tables_out, 1u);
    heap_is_full = true;
    while (reserve(areas, 1)) {}
    EXPECT_EQ(areas.size(), 128u) << "4, doubled as often as there was memory";
    for (uint32_t i = 3; i < 128; ++i) ASSERT_TRUE(areas.retire(VirtAddr{start + i * 2 * 4096}));
    areas.forget_lazy();
    EXPECT_EQ(areas.size(), 3u);
    EXPECT_EQ(tables_out, 0u);
    EXPECT_TRUE(areas.check());
}

// The first table must have room for the next area, or the caller's make_room() was in vain.
TEST_F(VmAreasTest, APurgeLeavesTheRoomThatWasMade) {
    VmAreas areas{VirtAddr{start}, VirtAddr{stop}, table, 4, heap};
    for (uint32_t i = 0; i < 5; ++i) ASSERT_TRUE(reserve(areas, 1));
    ASSERT_TRUE(areas.retire(VirtAddr{start}));
    ASSERT_TRUE(areas.make_room());
    areas.forget_lazy();
    EXPECT_EQ(areas.size(), 4u);
    EXPECT_EQ(*areas.reserve({{}, Pages{1}, {}, nullptr, AreaUse::memory}), VirtAddr{start});
    for (uint32_t i = 0; i < 5; ++i) ASSERT_TRUE(areas.retire(VirtAddr{start + i * 2 * 4096}));
    areas.forget_lazy();
    EXPECT_EQ(tables_out, 0u);
    EXPECT_TRUE(areas.check());
}

// Against an interval list: lowest fit, lazy areas in the way until they are forgotten.
TEST_F(VmAreasTest, MatchesAnIntervalList) {
    Random random;
    constexpr uint32_t room = 400;
    VmAreas areas{VirtAddr{start}, VirtAddr{start + room * 4096}, table, 4, heap};
    struct Interval { uint32_t pages; bool lazy; };
    std::map<uint32_t, Interval> model;  // page offset -> pages with guard
    for (int step = 0; step < 20000; ++step) {
        if (random.one_in(60)) {
            areas.forget_lazy();
            std::erase_if(model, [](const auto& entry) { return entry.second.lazy; });
        } else if (model.empty() || random.one_in(2)) {
            const uint32_t pages = 1 + random.below(12);
            uint32_t expected = 0;
            for (const auto& [at, interval] : model) {
                if (at - expected >= pages + 1) break;
                expected = at + interval.pages;
            }
            const Maybe<VirtAddr> got = reserve(areas, pages);
            const bool fits = expected + pages + 1 <= room;
            ASSERT_EQ(static_cast<bool>(got), fits);
            if (!fits) continue;
            ASSERT_EQ((*got).raw, start + expected * 4096);
            model[expected] = {pages + 1, false};
        } else {
            auto entry = model.begin();
            std::advance(entry, random.below(static_cast<uint32_t>(model.size())));
            const Maybe<VmArea> area = areas.retire(VirtAddr{start + entry->first * 4096});
            ASSERT_EQ(static_cast<bool>(area), !entry->second.lazy);
            if (area) {
                ASSERT_EQ((*area).pages.raw, entry->second.pages - 1);
            }
            entry->second.lazy = true;
        }
        ASSERT_TRUE(areas.check());
    }
    for (const auto& [at, interval] : model) static_cast<void>(areas.retire(VirtAddr{start + at * 4096}));
    areas.forget_lazy();
    EXPECT_EQ(tables_out, 0u);
}

class VmallocTest : public testing::Test {
protected:
    VmallocTest() { heap_is_full = false, tables_out = 0, zones.add(ranges({range(512, end)})); }

    PageMap map{end};
    Zonelist zones{classic(mm::Split::u3k1), pc_ram(end), map.table()};
    FakeMapper mapper;
    VmArea table[64];
    Vmalloc<FakeMapper> vmalloc{mapper, zones, VmAreas{VirtAddr{start}, VirtAddr{stop}, table, 64, heap}};
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

TEST_F(VmallocTest, FreeUnmapsAndReturnsTheFramesWithoutAFlush) {
    const Pages before = zones.free_pages();
    const Maybe<VirtAddr> got = vmalloc.allocate(100 * 4096);
    ASSERT_TRUE(got);
    EXPECT_EQ(before - zones.free_pages(), Pages{100});
    vmalloc.free(*got);
    EXPECT_TRUE(mapper.entries.empty());
    EXPECT_EQ(zones.free_pages(), before);
    EXPECT_TRUE(zones.check());
    EXPECT_THROW(vmalloc.free(*got), std::logic_error);
    EXPECT_EQ(mapper.full_flushes, 0u);
    vmalloc.purge();
    vmalloc.purge();
    EXPECT_EQ(mapper.full_flushes, 1u) << "one for all, and none for nothing";
    EXPECT_EQ(mapper.last_reason, FlushReason::vmalloc_purge);
    EXPECT_EQ(vmalloc.areas().size(), 0u);
}

TEST_F(VmallocTest, ManyLazyPagesAreFlushedOnce) {
    uint32_t freed = 0;
    for (; mapper.full_flushes == 0 && freed < 10000; ++freed) vmalloc.free(*vmalloc.allocate(7 * 4096));
    EXPECT_EQ(freed, lazy_max_pages.raw / 8 + 1);
    EXPECT_EQ(vmalloc.areas().size(), 0u);
    EXPECT_EQ(tables_out, 0u) << "the grown table went back";
}

TEST_F(VmallocTest, AFullWindowIsPurgedBeforeItIsAnError) {
    const Maybe<VirtAddr> large = vmalloc.map_device(Pfn{0xE0000}, Pages{20000}, nullptr);
    ASSERT_TRUE(large);
    EXPECT_FALSE(vmalloc.map_device(Pfn{0xE0000}, Pages{20000}, nullptr));
    EXPECT_EQ(vmalloc.shortages().window, 1u);
    EXPECT_EQ(mapper.full_flushes, 0u) << "nothing was lazy";
    vmalloc.unmap_device(*large);
    EXPECT_EQ(mapper.full_flushes, 1u) << "20001 pages are more than lazy_max_pages";
    const VirtAddr a = *vmalloc.map_device(Pfn{0xE0000}, Pages{6000}, nullptr);
    ASSERT_TRUE(vmalloc.map_device(Pfn{0xE0000}, Pages{18000}, nullptr));
    vmalloc.unmap_device(a);
    EXPECT_EQ(mapper.full_flushes, 1u);
    EXPECT_EQ(*vmalloc.map_device(Pfn{0xE0000}, Pages{6000}, nullptr), a) << "the purge made room";
    EXPECT_EQ(mapper.full_flushes, 2u);
    EXPECT_EQ(vmalloc.shortages().window, 1u);
}

TEST_F(VmallocTest, DeviceMemoryTakesNoFrames) {
    const Pages before = zones.free_pages();
    const Maybe<VirtAddr> at = vmalloc.map_device(Pfn{0xE0000}, Pages{16}, &before);
    ASSERT_TRUE(at);
    EXPECT_TRUE(mapper.maps(*at + 15 * 4096, Pfn{0xE000F}));
    EXPECT_EQ(zones.free_pages(), before);
    EXPECT_EQ(vmalloc.areas()[0].device, mm::PhysAddr{0xE0000000});
    EXPECT_EQ(vmalloc.areas()[0].caller, &before);
    EXPECT_EQ(vmalloc.areas()[0].use, AreaUse::device);
    EXPECT_THROW(vmalloc.free(*at), std::logic_error) << "vfree of an ioremap";
    mapper.fail_after = 3;
    EXPECT_FALSE(vmalloc.map_device(Pfn{0xE0000}, Pages{4}, nullptr));
    EXPECT_EQ(vmalloc.shortages().tables, 1u);
    EXPECT_EQ(mapper.entries.size(), 16u);
}

TEST_F(VmallocTest, AFailureHalfWayGivesEverythingBack) {
    const Pages before = zones.free_pages();
    mapper.fail_after = 10;
    EXPECT_FALSE(vmalloc.allocate(50 * 4096));
    EXPECT_TRUE(mapper.entries.empty());
    EXPECT_EQ(zones.free_pages(), before);
    EXPECT_EQ(vmalloc.areas().live(), 0u);
    EXPECT_EQ(vmalloc.shortages().tables, 1u);
    mapper.fail_after = -1;
    EXPECT_FALSE(vmalloc.allocate(0));
    EXPECT_FALSE(vmalloc.allocate(0xFFFFF000));
    EXPECT_EQ(vmalloc.shortages().frames, 1u) << "more pages than the machine has";
    EXPECT_FALSE(vmalloc.allocate(112 << 20)) << "larger than the window";
    EXPECT_EQ(vmalloc.shortages().window, 1u);
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
    vmalloc.purge();
    EXPECT_EQ(zones.free_pages(), before);
    EXPECT_EQ(mapper.full_flushes, vmalloc.purges());
    EXPECT_EQ(tables_out, 0u);
    EXPECT_TRUE(zones.check());
}

}  // namespace
}  // namespace guest_test
