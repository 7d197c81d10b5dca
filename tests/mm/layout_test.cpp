// SPDX-License-Identifier: LGPL-2.1-or-later
// The four splits against what Linux and Red Hat's hugemem kernel printed at boot.
#include <gtest/gtest.h>

#include "mm/layout.hpp"

namespace {

using namespace mm;

struct Expected { Split split; uint64_t page_offset; uint64_t lowmem_mib; uint32_t normal_end; };

class EverySplit : public testing::TestWithParam<std::tuple<Expected, Paging>> {};

TEST_P(EverySplit, LowmemIsWhatTheBootLogsSay) {
    const auto [expected, paging] = GetParam();
    const Layout l = layout(expected.split, paging);
    EXPECT_EQ(l.kernel_base, expected.page_offset);
    EXPECT_EQ(l.lowmem_bytes >> 20, expected.lowmem_mib);
    EXPECT_EQ(lowmem_end(l, Pfn{0x01000000}), Pfn{expected.normal_end});
    EXPECT_EQ(lowmem_end(l, Pfn{65536}), Pfn{65536}) << "with 256 MiB all memory is lowmem";
    EXPECT_TRUE(consistent(l));
}

TEST_P(EverySplit, PkmapIsOnePageTableAndVmallocHas100MiBAtLeast) {
    const auto [expected, paging] = GetParam();
    const Layout l = layout(expected.split, paging);
    EXPECT_EQ(l.pkmap_end - l.pkmap_base, paging == Paging::classic ? 4u << 20 : 2u << 20);
    const uint64_t start = vmalloc_start_for(l, lowmem_end(l, Pfn{0x01000000}));
    EXPECT_GE(l.vmalloc_end - start, uint64_t{100} << 20);
    EXPECT_GE(start, l.kernel_base + l.lowmem_bytes + (uint64_t{8} << 20) - 1);
}

INSTANTIATE_TEST_SUITE_P(Layout, EverySplit,
    testing::Combine(testing::Values(Expected{Split::u3k1, 0xC0000000, 896, 229376}, Expected{Split::u2k2, 0x80000000, 1920, 491520},
                                     Expected{Split::u1k3, 0x40000000, 2944, 753664}, Expected{Split::u4k4, 0x02000000, 3936, 1007616}),
                     testing::Values(Paging::classic, Paging::pae)));

TEST(Layout, OnlyFourFourHasOwnPageTables) {
    for (Split s : all_splits) EXPECT_EQ(layout(s, Paging::classic).own_page_tables, s == Split::u4k4);
}

TEST(Layout, InconsistencyIsNoticed) {
    Layout l = layout(Split::u3k1, Paging::classic);
    l.user_end += 4 << 20;
    EXPECT_FALSE(consistent(l)) << "user space may not reach into the kernel";
    l = layout(Split::u3k1, Paging::classic);
    l.vmalloc_end = l.pkmap_base + page_size;
    EXPECT_FALSE(consistent(l));
}

TEST(Layout, NamesAreThoseOfTheCommandLine) {
    EXPECT_STREQ(name(Split::u3k1), "3:1");
    EXPECT_STREQ(name(Split::u4k4), "4:4");
    EXPECT_STREQ(name(Paging::pae), "pae");
}

}  // namespace
