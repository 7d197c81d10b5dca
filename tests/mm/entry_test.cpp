// SPDX-License-Identifier: LGPL-2.1-or-later
// Entry formats: hand-encoded examples from the SDM's tables, and round trips over every field.
#include <gtest/gtest.h>

#include "mm/entry.hpp"

namespace {

using namespace mm;

template <class F> class EntryFormat : public testing::Test {};
using Formats = testing::Types<Classic, Pae>;
TYPED_TEST_SUITE(EntryFormat, Formats);

TYPED_TEST(EntryFormat, LeafRoundTripsFrameAndPermissions) {
    for (uint32_t frame : {0u, 1u, 0x12345u, 0xFFFFFu})
        for (unsigned bits = 0; bits < 16; ++bits) {
            const bool can_forbid_execution = sizeof(typename TypeParam::Raw) == 8;
            const Permissions p{(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0 || !can_forbid_execution, (bits & 8) != 0};
            const auto e = Entry<TypeParam>::leaf(Pfn{frame}, p);
            EXPECT_TRUE(e.present());
            EXPECT_EQ(e.frame(), Pfn{frame});
            EXPECT_TRUE(e.permissions() == p) << std::hex << e.raw;
            EXPECT_FALSE(e.page_size_bit());
        }
}

TYPED_TEST(EntryFormat, LargeLeafRoundTrips) {
    const uint32_t step = large_page_frames<TypeParam>.raw;
    for (uint32_t n : {0u, 1u, 255u, 1023u}) {
        const auto e = Entry<TypeParam>::large_leaf(Pfn{n * step}, {true, false, true, true});
        EXPECT_TRUE(e.page_size_bit());
        EXPECT_EQ(e.large_frame(), Pfn{n * step});
    }
}

TYPED_TEST(EntryFormat, IndicesCoverTheAddress) {
    for (uint32_t a : {0u, 0x00401000u, 0xC0101234u, 0xFFFFFFFFu}) {
        const uint32_t above = sizeof(typename TypeParam::Raw) == 8 ? pdpte_index(VirtAddr{a}) << 30 : 0;
        const uint32_t back = above | directory_index<TypeParam>(VirtAddr{a}) << directory_shift<TypeParam> |
                              table_index<TypeParam>(VirtAddr{a}) << page_shift | (a & page_mask);
        EXPECT_EQ(back, a);
    }
}

TYPED_TEST(EntryFormat, BitsAreTheManuals) {
    using E = Entry<TypeParam>;
    EXPECT_TRUE(E{0x020}.accessed());
    EXPECT_TRUE(E{0x040}.dirty());
    EXPECT_TRUE(E{0x080}.page_size_bit());
    EXPECT_TRUE(E{0x100}.global());
    EXPECT_EQ(E{0xFFF}.without(entry_bit::present).raw, 0xFFEu);
    EXPECT_EQ(E{}.with(entry_bit::accessed | entry_bit::dirty).raw, 0x60u);
}

TEST(Entry, HandEncodedExamples) {
    EXPECT_EQ(Entry<Classic>{0x00345067}.frame(), Pfn{0x345});
    EXPECT_EQ((Entry<Classic>{0x004021E3}).large_frame(), Pfn{0x100400}) << "PSE-36: bit 13 is physical bit 32";
    EXPECT_TRUE(Entry<Pae>{0x8000000000001001}.no_execute());
    EXPECT_EQ(Entry<Pae>{0x8000000FFFE00083}.large_frame(), Pfn{0xFFFE00});
    EXPECT_EQ((Entry<Pae>::leaf(Pfn{0xABCDEF}, {true, true, false, true}).raw), 0x8000000ABCDEF107u);
    EXPECT_FALSE(Entry<Classic>{0xFFFFFFFF}.no_execute()) << "32-bit entries have no XD bit";
}

}  // namespace
