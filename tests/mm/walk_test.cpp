// SPDX-License-Identifier: LGPL-2.1-or-later
// The walk, in both formats: random page tables in an array, against a translation written from the SDM's text.
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <optional>
#include <vector>

#include "../seed.hpp"
#include "mm/walk.hpp"

namespace {

using namespace mm;

// 64 frames of memory; a load beyond them fails the test.
class Memory {
public:
    template <class Raw> void put(uint64_t at, Raw value) { std::memcpy(&bytes_.at(at), &value, sizeof value); }
    template <class Raw> Raw get(uint64_t at) const {
        Raw value{};
        EXPECT_LE(at + sizeof value, bytes_.size());
        if (at + sizeof value <= bytes_.size()) std::memcpy(&value, &bytes_[at], sizeof value);
        return value;
    }

private:
    std::vector<uint8_t> bytes_ = std::vector<uint8_t>(64 * page_size);
};

template <class F> struct Machine;
template <> struct Machine<Classic> {
    static Control control() { return {cr0_pg | cr0_pe | cr0_wp, 0, cr4_pse | cr4_pge, 0, 36}; }
    static Classic::Root root() { return {PhysAddr{0x1000}}; }
    static uint64_t directory(uint32_t) { return 0x1000; }
};
template <> struct Machine<Pae> {
    static Control control() { return {cr0_pg | cr0_pe | cr0_wp, 0, cr4_pae | cr4_pge, efer_nxe, 36}; }
    static Pae::Root root() { return {{0x1001, 0x2001, 0x3001, 0x4001}}; }
    static uint64_t directory(uint32_t a) { return 0x1000 + (a >> 30) * 0x1000; }
};

template <class F> class WalkFormat : public testing::Test {};
using Formats = testing::Types<Classic, Pae>;
TYPED_TEST_SUITE(WalkFormat, Formats);

TYPED_TEST(WalkFormat, AgreesWithTheManualOnRandomTables) {
    using Raw = typename TypeParam::Raw;
    std::mt19937_64 random{tests::seed()};
    Memory memory;
    const Control control = Machine<TypeParam>::control();
    for (uint64_t at = 0x1000; at < 0x40000; at += sizeof(Raw)) {
        const uint64_t r = random();
        // Tables lie in frames 5..63; leaves anywhere below 4 GiB; every sixth entry is not present, some are large pages.
        uint64_t entry = (r >> 8 & 0x167) | ((r >> 20) % 59 + 5) << 12;
        if (r % 6 != 0) entry |= 1; else entry &= ~uint64_t{1};
        if (at < 0x5000 && r % 5 == 0) entry = (entry & 0x167) | 0x80 | (r >> 32 & 0xFFC00000);
        if (sizeof(Raw) == 8 && (r >> 50) % 4 == 0) entry |= uint64_t{1} << 63;
        memory.put<Raw>(at, static_cast<Raw>(entry));
    }
    auto load = [&](PhysAddr at) { return memory.get<Raw>(at.raw); };
    unsigned large = 0, small = 0, absent = 0;
    for (int i = 0; i < 20000; ++i) {
        const uint32_t a = static_cast<uint32_t>(random());
        const auto w = walk<TypeParam>(Machine<TypeParam>::root(), VirtAddr{a}, control, load);

        const unsigned wide = sizeof(Raw) == 4 ? 22 : 21;
        const uint64_t pde_at = Machine<TypeParam>::directory(a) + (sizeof(Raw) == 4 ? a >> 22 : a >> 21 & 511) * sizeof(Raw);
        const uint64_t pde = memory.get<Raw>(pde_at);
        ASSERT_EQ(w.pde_at.raw, pde_at);
        if (!(pde & 1)) {
            ASSERT_EQ(w.translation.status, WalkStatus::not_present);
            ASSERT_EQ(w.reads, 1u);
            ++absent;
            continue;
        }
        if (pde & 0x80) {
            ASSERT_TRUE(w.translation.mapped());
            ASSERT_EQ(w.translation.shift, wide);
            ASSERT_EQ(address(w.translation.frame).raw, ((pde & 0xFFFFFFFF) >> wide << wide) + ((a & ((1u << wide) - 1)) & ~0xFFFu));
            ASSERT_EQ(w.translation.permissions.global, (pde >> 8 & 1) != 0);
            ++large;
            continue;
        }
        const uint64_t pte_at = (pde & 0xFFFFFF000) + (sizeof(Raw) == 4 ? a >> 12 & 1023 : a >> 12 & 511) * sizeof(Raw);
        const uint64_t pte = memory.get<Raw>(pte_at);
        ASSERT_EQ(w.pte_at.raw, pte_at);
        ASSERT_EQ(w.reads, 2u);
        ASSERT_EQ(w.translation.mapped(), (pte & 1) != 0);
        if (!(pte & 1)) { ++absent; continue; }
        ++small;
        ASSERT_EQ(w.translation.frame.raw, (pte & 0xFFFFFF000) >> 12);
        ASSERT_EQ(w.translation.permissions.write, (pde & pte & 2) != 0);
        ASSERT_EQ(w.translation.permissions.user, (pde & pte & 4) != 0);
        ASSERT_EQ(w.translation.permissions.execute, sizeof(Raw) == 4 || ((pde | pte) >> 63) == 0);
        ASSERT_EQ(w.translation.permissions.global, (pte & 0x100) != 0);
    }
    EXPECT_GT(large, 100u);
    EXPECT_GT(small, 1000u);
    EXPECT_GT(absent, 1000u);
}

TEST(Walk, WithoutPseThePageSizeBitIsIgnored) {
    Memory memory;
    memory.put<uint32_t>(0x1000, 0x00002083);
    memory.put<uint32_t>(0x2000, 0x00009003);
    const Control no_pse{cr0_pg | cr0_pe, 0, 0};
    auto load = [&](PhysAddr at) { return memory.get<uint32_t>(at.raw); };
    const auto w = walk<Classic>({PhysAddr{0x1000}}, VirtAddr{0}, no_pse, load);
    EXPECT_EQ(w.translation.frame, Pfn{9});
    EXPECT_EQ(w.translation.shift, 12u);
}

TEST(Walk, ReservedBitsFault) {
    Memory memory;
    auto load = [&](PhysAddr at) { return memory.get<uint32_t>(at.raw); };
    const Control c = Machine<Classic>::control();
    memory.put<uint32_t>(0x1000, 0x00400083 | 1u << 21);  // reserved in a 4 MiB page, with 36 bits 20:17 too
    EXPECT_EQ(walk<Classic>({PhysAddr{0x1000}}, VirtAddr{0}, c, load).translation.status, WalkStatus::reserved_bit);
    memory.put<uint32_t>(0x1000, 0x00400083 | 1u << 17);
    EXPECT_EQ(walk<Classic>({PhysAddr{0x1000}}, VirtAddr{0}, c, load).translation.status, WalkStatus::reserved_bit);
    memory.put<uint32_t>(0x1000, 0x00400083 | 1u << 16);  // physical bit 35
    EXPECT_EQ(walk<Classic>({PhysAddr{0x1000}}, VirtAddr{0}, c, load).translation.frame, Pfn{0x800400});

    Control no_nx = Machine<Pae>::control();
    no_nx.efer = 0;
    memory.put<uint64_t>(0x1000, 0x8000000000002007);
    auto load64 = [&](PhysAddr at) { return memory.get<uint64_t>(at.raw); };
    const auto w = walk<Pae>(Machine<Pae>::root(), VirtAddr{0}, no_nx, load64);
    EXPECT_EQ(w.translation.status, WalkStatus::reserved_bit) << "XD is reserved while EFER.NXE is clear";
    EXPECT_EQ(fault_code(w.translation, {AccessKind::write, true}, no_nx).encode(), 0xFu);
}

TEST(Walk, AnAbsentPdpteNeedsNoRead) {
    unsigned loads = 0;
    auto load = [&](PhysAddr) { return ++loads, uint64_t{0}; };
    EXPECT_FALSE(walk<Pae>({{0x1001, 0, 0, 0}}, VirtAddr{0x40000000}, Machine<Pae>::control(), load).translation.mapped());
    EXPECT_EQ(loads, 0u);
}

}  // namespace
