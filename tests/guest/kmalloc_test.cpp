// SPDX-License-Identifier: LGPL-2.1-or-later
// Kernel objects in an arena: sizes, zones, misuse, and a random run in which overlap would show.
#include "guest-kernel/mm/kmalloc.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <vector>

#include "tests/guest/machine.hpp"
#include "tests/guest/random.hpp"

namespace guest_test {
namespace {

using mm::Pages;

// 32 MiB of RAM that exists: an arena behind the direct map.
class KmallocTest : public testing::Test {
protected:
    static constexpr uint32_t end = 8192;

    KmallocTest() { zones.add(ranges({range(256, end)})); }

    uint64_t physical(const void* p) const { return static_cast<uint64_t>(static_cast<const char*>(p) - arena.get()); }

    struct Free { void operator()(char* p) const { std::free(p); } };
    std::unique_ptr<char, Free> arena{static_cast<char*>(std::aligned_alloc(4096, size_t{end} * 4096))};
    PageMap map{end};
    Zonelist zones{classic(mm::Split::u3k1), pc_ram(end), map.table()};
    Kmalloc kmalloc{zones, arena.get()};
};

TEST_F(KmallocTest, RoundsUpToPowersOfTwo) {
    constexpr struct { uint32_t asked, usable; } table[] = {
        {1, 32}, {32, 32}, {33, 64}, {2048, 2048}, {2049, 4096}, {4097, 8192}, {4 << 20, 4 << 20},
    };
    for (const auto& row : table) {
        void* object = kmalloc.allocate(row.asked);
        ASSERT_NE(object, nullptr) << row.asked;
        EXPECT_EQ(kmalloc.usable_size(object), row.usable);
        EXPECT_EQ(physical(object) % (row.usable < 4096 ? row.usable : 4096), 0u);
        kmalloc.free(object);
    }
    EXPECT_EQ(kmalloc.allocate(0), nullptr);
    EXPECT_EQ(kmalloc.allocate((4 << 20) + 1), nullptr);
    kmalloc.free(nullptr);
    EXPECT_TRUE(kmalloc.check());
}

TEST_F(KmallocTest, ASlabIsOneFrame) {
    const Pages before = zones.free_pages();
    for (int i = 0; i < 128; ++i) ASSERT_NE(kmalloc.allocate(32), nullptr);
    EXPECT_EQ(kmalloc.slab_pages(), Pages{1});
    EXPECT_NE(kmalloc.allocate(32), nullptr);
    EXPECT_EQ(kmalloc.slab_pages(), Pages{2});
    EXPECT_EQ(before - zones.free_pages(), Pages{2});
}

TEST_F(KmallocTest, DmaObjectsAreBelow16MiB) {
    static_cast<void>(kmalloc.allocate(64));  // leaves a NORMAL slab with room
    for (uint32_t size : {64u, 64u, 5000u}) EXPECT_LT(physical(kmalloc.allocate(size, gfp_dma)), uint64_t{16} << 20);
    EXPECT_GE(physical(kmalloc.allocate(64)), uint64_t{16} << 20);
    EXPECT_THROW(static_cast<void>(kmalloc.allocate(64, gfp_highuser)), std::logic_error);
    EXPECT_TRUE(kmalloc.check());
}

TEST_F(KmallocTest, FreeingNonsenseIsABug) {
    char* object = static_cast<char*>(kmalloc.allocate(64));
    EXPECT_THROW(kmalloc.free(object + 4), std::logic_error);
    char* block = static_cast<char*>(kmalloc.allocate(8192));
    EXPECT_THROW(kmalloc.free(block + 4096), std::logic_error);
}

// Random objects, each filled with its own byte: overlap would show; all freed leaves at most a slab per class.
TEST_F(KmallocTest, ObjectsNeverOverlap) {
    Random random;
    const Pages before = zones.free_pages();
    struct Object { char* at; uint32_t size; char fill; };
    std::vector<Object> held;
    for (int step = 0; step < 30000; ++step) {
        if (held.empty() || random.below(100) < 52) {
            const uint32_t size = 1 + (random.one_in(20) ? random.below(30000) : random.below(2500));
            auto* at = static_cast<char*>(kmalloc.allocate(size));
            if (at == nullptr) continue;
            const char fill = static_cast<char>(random.below(256));
            std::memset(at, fill, size);
            held.push_back({at, size, fill});
        } else {
            std::swap(held[random.below(static_cast<uint32_t>(held.size()))], held.back());
            const Object object = held.back();
            held.pop_back();
            for (uint32_t i = 0; i < object.size; ++i) ASSERT_EQ(object.at[i], object.fill);
            kmalloc.free(object.at);
        }
        if (step % 1000 == 0) {
            ASSERT_TRUE(kmalloc.check());
        }
    }
    for (const Object& object : held) kmalloc.free(object.at);
    EXPECT_TRUE(kmalloc.check());
    EXPECT_LE(kmalloc.slab_pages().raw, size_classes);
    EXPECT_EQ(before - zones.free_pages(), kmalloc.slab_pages());
    kmalloc.shrink();
    EXPECT_EQ(zones.free_pages(), before);
    EXPECT_TRUE(zones.check());
}

}  // namespace
}  // namespace guest_test
