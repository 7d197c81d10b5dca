// SPDX-License-Identifier: LGPL-2.1-or-later
// Slab caches in an arena: orders, what happens in fragmented memory, and random objects of many caches against a model.
#include "guest-kernel/mm/slab_report.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "tests/guest/machine.hpp"
#include "tests/guest/random.hpp"

namespace guest_test {
namespace {

using mm::Pages;
using mm::Pfn;

// 32 MiB of RAM that exists: an arena behind the direct map.
class SlabTest : public testing::Test {
protected:
    static constexpr uint32_t end = 8192;

    SlabTest() { zones.add(ranges({range(256, end)})); }

    CacheId create(const char* name, uint32_t bytes, ZoneType zone = ZoneType::normal) { return *slabs.create(name, bytes, zone); }
    uint64_t physical(const void* p) const { return static_cast<uint64_t>(static_cast<const char*>(p) - arena.get()); }

    struct Free { void operator()(char* p) const { std::free(p); } };
    std::unique_ptr<char, Free> arena{static_cast<char*>(std::aligned_alloc(32768, size_t{end} * 4096))};
    PageMap map{end};
    Zonelist zones{classic(mm::Split::u3k1), pc_ram(end), map.table()};
    Slabs slabs{zones, arena.get()};
};

TEST_F(SlabTest, OrdersWasteASixteenthAtMost) {
    constexpr struct { uint32_t bytes, object; unsigned order, smallest; } table[] = {
        {1, 8, 0, 0}, {56, 56, 0, 0}, {1000, 1000, 0, 0}, {1360, 1360, 0, 0}, {1500, 1504, 3, 0}, {2100, 2104, 3, 0},
        {4096, 4096, 0, 0}, {5000, 5000, 3, 1}, {32768, 32768, 3, 3},
    };
    for (const auto& row : table) {
        const SlabCache& cache = slabs[create("test", row.bytes).index];
        EXPECT_EQ(cache.object_bytes, row.object) << row.bytes;
        EXPECT_EQ(cache.order, row.order) << row.bytes;
        EXPECT_EQ(cache.smallest_order, row.smallest) << row.bytes;
    }
    EXPECT_FALSE(slabs.create("none", 0));
    EXPECT_FALSE(slabs.create("too large", 32769));
    while (slabs.size() < max_caches) create("filler", 32);
    EXPECT_FALSE(slabs.create("one too many", 32));
}

TEST_F(SlabTest, ASlabServesAsManyObjectsAsFit) {
    const CacheId heads = create("buffer_head", 56);
    const Pages before = zones.free_pages();
    for (unsigned i = 0; i < 4096 / 56; ++i) ASSERT_NE(slabs.allocate(heads), nullptr);
    EXPECT_EQ(before - zones.free_pages(), Pages{1});
    void* const last = slabs.allocate(heads);
    EXPECT_EQ(slabs[heads.index].slabs, 2u);
    EXPECT_EQ(slabs[heads.index].in_use, 74u);
    slabs.free(last);
    EXPECT_EQ(slabs[heads.index].slabs, 2u) << "an empty slab stays when it is the only one with room";
    slabs.shrink(heads);
    EXPECT_EQ(slabs[heads.index].slabs, 1u);
    EXPECT_TRUE(slabs.check());
}

TEST_F(SlabTest, ObjectsOfLargeSlabsFindTheirHead) {
    const CacheId large = create("large", 5000);
    std::vector<char*> objects;
    for (int i = 0; i < 9; ++i) objects.push_back(static_cast<char*>(slabs.allocate(large)));
    for (char* object : objects) {
        const Pfn slab = *slabs.slab_of(mm::frame_of(mm::PhysAddr{physical(object)}));
        EXPECT_EQ(slab.raw % 8, 0u);
        EXPECT_LT(physical(object) - mm::address(slab).raw, 32768u);
        EXPECT_EQ(slabs.object_bytes(slab), 5000u);
    }
    EXPECT_THROW(slabs.free(objects[1] + 8), std::logic_error);
    for (char* object : objects) slabs.free(object);
    EXPECT_THROW(slabs.free(objects[0]), std::logic_error) << "its slab is gone or empty";
    EXPECT_FALSE(slabs.slab_of(zones.allocate(gfp_kernel, 0).first));
}

// No two neighbouring frames are free: the wanted order cannot be had, the smallest can, and the object fits in it.
TEST_F(SlabTest, FragmentedMemoryGivesSmallSlabs) {
    std::vector<Pfn> held;
    for (Allocation a = zones.allocate(gfp_emergency, 0); a; a = zones.allocate(gfp_emergency, 0)) held.push_back(a.first);
    for (Pfn frame : held)
        if (frame.raw % 2 != 0) zones.free(frame, 0);
    const CacheId odd = create("odd", 1500);
    EXPECT_NE(slabs.allocate(odd), nullptr);
    EXPECT_EQ(slabs[odd.index].fallbacks, 1u);
    EXPECT_EQ(slabs[odd.index].objects, 2u);
    EXPECT_EQ(slabs.allocate(create("needs two frames", 5000)), nullptr);
    EXPECT_TRUE(slabs.check());
}

TEST_F(SlabTest, DmaCachesStayBelow16MiB) {
    const CacheId dma = create("dma", 512, ZoneType::dma);
    for (int i = 0; i < 20; ++i) EXPECT_LT(physical(slabs.allocate(dma)), uint64_t{16} << 20);
}

TEST_F(SlabTest, ReportsAsSlabinfo) {
    const CacheId heads = create("buffer_head", 56);
    create("unused", 100);
    for (int i = 0; i < 80; ++i) static_cast<void>(slabs.allocate(heads));
    std::string text;
    report_slabinfo(slabs, {[](void* to, const char* s) { *static_cast<std::string*>(to) += s; }, &text});
    EXPECT_EQ(text, "slabinfo - version: 2.1\n"
                    "# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>\n"
                    "buffer_head           80    146     56   73    1\n");
}

// Random objects of random caches, each filled with its own byte: overlap would show; counts follow a plain count.
TEST_F(SlabTest, MatchesANaiveModel) {
    Random random;
    const Pages before = zones.free_pages();
    constexpr uint32_t sizes[] = {8, 56, 100, 136, 700, 1500, 2500, 6000};
    struct Object { char* at; unsigned cache; char fill; };
    std::vector<Object> held;
    uint32_t in_use[std::size(sizes)] = {};
    for (uint32_t size : sizes) create("model", size);
    for (int step = 0; step < 40000; ++step) {
        const bool growing = (step / 4000) % 2 == 0;  // long phases of both, so that slabs fill and empty
        if (held.empty() || random.below(100) < (growing ? 70u : 30u)) {
            const unsigned cache = random.below(std::size(sizes));
            auto* const at = static_cast<char*>(slabs.allocate(CacheId{static_cast<uint8_t>(cache)}));
            if (at == nullptr) continue;
            const char fill = static_cast<char>(random.below(256));
            std::memset(at, fill, sizes[cache]);
            held.push_back({at, cache, fill});
            ++in_use[cache];
        } else {
            std::swap(held[random.below(static_cast<uint32_t>(held.size()))], held.back());
            const Object object = held.back();
            held.pop_back();
            for (uint32_t i = 0; i < sizes[object.cache]; ++i) ASSERT_EQ(object.at[i], object.fill);
            slabs.free(object.at);
            --in_use[object.cache];
        }
        if (step % 500 != 0) continue;
        ASSERT_TRUE(slabs.check() && zones.check());
        ASSERT_EQ(before - zones.free_pages(), slabs.pages());
        for (unsigned cache = 0; cache < std::size(sizes); ++cache) ASSERT_EQ(slabs[cache].in_use, in_use[cache]);
    }
    for (const Object& object : held) slabs.free(object.at);
    for (uint8_t cache = 0; cache < std::size(sizes); ++cache) slabs.shrink({cache});
    EXPECT_EQ(slabs.pages(), Pages{0});
    EXPECT_EQ(zones.free_pages(), before);
    EXPECT_TRUE(zones.check());
}

}  // namespace
}  // namespace guest_test
