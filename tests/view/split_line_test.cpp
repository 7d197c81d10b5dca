// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the kernel's part begins, found among the regions that guests publish.
#include "tools/view/split_line.hpp"

#include <gtest/gtest.h>

#include "mm/layout.hpp"

namespace tools::view {
namespace {

// As guest-kernel/kernel/publish.cpp has them, with all the memory that the direct map takes.
std::vector<RegionInfo> regions_of(const mm::Layout& l) {
    std::vector<RegionInfo> all{{"user", l.user_start, l.user_end},
                                {"lowmem", l.kernel_base, l.kernel_base + l.lowmem_bytes},
                                {"vmalloc", mm::vmalloc_start_for(l, mm::frame_of(mm::PhysAddr{l.lowmem_bytes})), l.vmalloc_end},
                                {"pkmap", l.pkmap_base, l.pkmap_end},
                                {"fixmap", l.fixmap_base, l.fixmap_end}};
    if (l.own_page_tables) all.push_back({"trampoline", l.trampoline_base, l.trampoline_end});
    return all;
}

TEST(SplitLine, IsThatOfTheLayout) {
    for (const mm::Split split : mm::all_splits)
        for (const mm::Paging paging : mm::all_pagings) {
            const mm::Layout l = mm::layout(split, paging);
            const SplitLine expected{l.kernel_base, l.own_page_tables, l.own_page_tables ? l.trampoline_base : 0};
            EXPECT_EQ(split_line_of(regions_of(l)), expected) << mm::name(split) << ' ' << mm::name(paging);
        }
}

TEST(SplitLine, OfOtherGuestsIsOnlyWhatTheySay) {
    EXPECT_EQ(split_line_of({}), SplitLine{});
    EXPECT_EQ(split_line_of({{"user", 0, 0xC0000000}}), SplitLine{});
    EXPECT_EQ(split_line_of({{"user", 0, 0x80000000}, {"kernel", 0x80000000, 0x90000000}}), (SplitLine{0x80000000, false, 0}));
    EXPECT_EQ(split_line_of({{"user", 0, 0xC0000000}, {"window", 0x10000000, 0x20000000}}), SplitLine{}) << "no part of its own";
    EXPECT_EQ(split_line_of({{"user", 0, 0xC0000000}, {"lowmem", 0, 0x20000000}}), SplitLine{});
    EXPECT_EQ(split_line_of({{"user", 0, 0xF0000000}, {"lowmem", 0x1000000, 0x20000000}}), (SplitLine{0x1000000, true, 0}));
    EXPECT_EQ(split_line_of({{"user", 0x80000000, 0xFFFFF000}, {"lowmem", 0x100000, 0x40000000}}), SplitLine{}) << "programs above the kernel";
    EXPECT_EQ(split_line_of({{"user", 0, 0x800000000000}, {"lowmem", 0xFFFF888000000000, 0xFFFF888100000000}}), SplitLine{}) << "long mode has no such line";
}

TEST(SplitLine, SaysWhatLiesBehindIt) {
    EXPECT_EQ(split_words({0xC0000000, false, 0}), "the kernel's part");
    EXPECT_EQ(split_words({0x1000000, true, 0}), "the kernel's address space; programs have their own");
    EXPECT_EQ(split_words({0x2000000, true, 0xFFFC0000}), "the kernel's address space; programs have their own, the trampoline at fffc0000 is in both");
}

}  // namespace
}  // namespace tools::view
