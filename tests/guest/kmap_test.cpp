// SPDX-License-Identifier: LGPL-2.1-or-later
// Persistent and atomic kmap, with page tables that count their writes and flushes.
#include "guest-kernel/mm/kmap.hpp"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "guest-kernel/mm/kmap_atomic.hpp"
#include "tests/guest/machine.hpp"
#include "tests/guest/random.hpp"

namespace guest_test {
namespace {

using mm::Pfn;
using mm::VirtAddr;

constexpr VirtAddr pool{0xFF800000}, direct_map{0xC0000000};
constexpr Pfn lowmem_end{229376};
constexpr uint32_t end = 262128;

class KmapTest : public testing::Test {
protected:
    PageMap map{end};
    FakeMapper mapper;
    Kmap<FakeMapper> kmap{mapper, map.table(), pool, 1024, direct_map, lowmem_end};
    static Pfn high(uint32_t n) { return Pfn{lowmem_end.raw + n}; }
};

TEST_F(KmapTest, LowmemNeedsNoMapping) {
    EXPECT_EQ(*kmap.map(Pfn{4096}), VirtAddr{0xC1000000});
    kmap.unmap(Pfn{4096});
    EXPECT_EQ(mapper.writes, 0u);
}

TEST_F(KmapTest, NestedMapsShareASlot) {
    const VirtAddr first = *kmap.map(high(5)), second = *kmap.map(high(5));
    EXPECT_EQ(first, second);
    EXPECT_EQ(first, pool + mm::page_size) << "as in Linux, the first slot handed out is 1";
    EXPECT_EQ(kmap.users(high(5)), 2u);
    EXPECT_EQ(mapper.writes, 1u);
    kmap.unmap(high(5));
    kmap.unmap(high(5));
    EXPECT_THROW(kmap.unmap(high(5)), std::logic_error);
    EXPECT_TRUE(mapper.maps(first, high(5))) << "released, but neither cleared nor flushed";
    EXPECT_EQ(mapper.page_flushes + mapper.full_flushes, 0u);
}

TEST_F(KmapTest, AReleasedSlotIsFoundAgainBeforeTheWrap) {
    const VirtAddr first = *kmap.map(high(5));
    kmap.unmap(high(5));
    EXPECT_EQ(*kmap.map(high(5)), first);
    EXPECT_EQ(mapper.writes, 1u);
}

TEST_F(KmapTest, OneGlobalFlushPerWrap) {
    for (uint32_t n = 0; n < 3 * 1024; ++n) {
        ASSERT_TRUE(kmap.map(high(n)));
        kmap.unmap(high(n));
    }
    EXPECT_EQ(kmap.flushes(), 3u);
    EXPECT_EQ(mapper.full_flushes, 3u);
    EXPECT_EQ(mapper.last_reason, FlushReason::kmap_wrap);
    EXPECT_EQ(mapper.page_flushes, 0u);
    EXPECT_TRUE(kmap.check());
}

TEST_F(KmapTest, SaysWhenEverySlotIsInUse) {
    for (uint32_t n = 0; n < 1024; ++n) ASSERT_TRUE(kmap.map(high(n)));
    EXPECT_FALSE(kmap.map(high(1024)));
    EXPECT_EQ(kmap.refusals(), 1u);
    kmap.unmap(high(77));
    const Maybe<VirtAddr> got = kmap.map(high(1024));
    ASSERT_TRUE(got);
    EXPECT_TRUE(mapper.maps(*got, high(1024)));
    EXPECT_TRUE(kmap.check());
}

// Both pools: 1024 slots, and 512 with PAE.
class KmapPool : public testing::TestWithParam<unsigned> {
protected:
    PageMap map{end};
    FakeMapper mapper;
    Kmap<FakeMapper> kmap{mapper, map.table(), pool, GetParam(), direct_map, lowmem_end};
    static Pfn high(uint32_t n) { return Pfn{lowmem_end.raw + n}; }
};

// Users per frame against a plain map; a frame with users never loses or changes its address.
TEST_P(KmapPool, MatchesANaiveModel) {
    Random random;
    std::map<uint32_t, std::pair<uint32_t, uint32_t>> model;  // frame -> users, address
    uint32_t refused = 0;
    for (int step = 0; step < 50000; ++step) {
        const Pfn frame = high(random.below(3 * GetParam()));
        auto& [users, at] = model[frame.raw];
        const bool growing = step / 10000 % 2 == 0;  // long phases of both, so that the pool is full at times
        if (users == 0 || random.below(100) < (growing ? 70u : 30u)) {
            const Maybe<VirtAddr> got = kmap.map(frame);
            if (!got) {
                uint32_t in_use = 0;
                for (const auto& entry : model) in_use += entry.second.first != 0;
                ASSERT_EQ(in_use, GetParam());
                ASSERT_EQ(kmap.refusals(), ++refused);
                continue;
            }
            ASSERT_TRUE(mapper.maps(*got, frame));
            if (users != 0) {
                ASSERT_EQ((*got).raw, at);
            }
            at = (*got).raw;
            ++users;
        } else {
            kmap.unmap(frame);
            --users;
        }
        ASSERT_EQ(kmap.users(frame), users);
        if (step % 1000 == 0) {
            ASSERT_TRUE(kmap.check());
        }
    }
    EXPECT_GT(refused, 0u);
    EXPECT_EQ(mapper.full_flushes, kmap.flushes());
}

TEST_P(KmapPool, EachRoundIsOneFlush) {
    for (uint32_t n = 0; n < 3 * GetParam(); ++n) {
        ASSERT_EQ(kmap.flushes(), n / GetParam()) << "after " << n << " maps";
        ASSERT_TRUE(kmap.map(high(n)));
        kmap.unmap(high(n));
    }
}

INSTANTIATE_TEST_SUITE_P(Slots, KmapPool, testing::Values(1024u, 512u));

TEST(KmapAtomic, OneWriteEachWayAndOneInvlpg) {
    FakeMapper mapper;
    KmapAtomic<FakeMapper> kmap{mapper, VirtAddr{0xFFF00000}, 2, direct_map, lowmem_end};
    const VirtAddr at = kmap.map(Pfn{lowmem_end.raw + 3}, KmapType::user1, 1);
    EXPECT_EQ(at, VirtAddr{0xFFF00000 + (16 + 1) * 4096});
    EXPECT_TRUE(mapper.maps(at, Pfn{lowmem_end.raw + 3}));
    EXPECT_EQ(mapper.page_flushes, 0u);
    kmap.unmap(at, KmapType::user1, 1);
    EXPECT_EQ(mapper.last_flushed, at);
    EXPECT_EQ(mapper.page_flushes, 1u);
    EXPECT_EQ(mapper.writes, 2u);
    EXPECT_TRUE(mapper.entries.empty());
}

TEST(KmapAtomic, LowmemCostsNothing) {
    FakeMapper mapper;
    KmapAtomic<FakeMapper> kmap{mapper, VirtAddr{0xFFF00000}, 1, direct_map, lowmem_end};
    const VirtAddr at = kmap.map(Pfn{1}, KmapType::user0);
    EXPECT_EQ(at, VirtAddr{0xC0001000});
    kmap.unmap(at, KmapType::user0);
    EXPECT_EQ(mapper.writes + mapper.page_flushes, 0u);
}

TEST(KmapAtomic, ASlotHeldTwiceIsABug) {
    FakeMapper mapper;
    KmapAtomic<FakeMapper> kmap{mapper, VirtAddr{0xFFF00000}, 1, direct_map, lowmem_end};
    static_cast<void>(kmap.map(lowmem_end, KmapType::user0));
    EXPECT_THROW(static_cast<void>(kmap.map(lowmem_end, KmapType::user0)), std::logic_error);
    EXPECT_THROW(static_cast<void>(kmap.slot_of(KmapType::user0, 1)), std::logic_error);
}

}  // namespace
}  // namespace guest_test
