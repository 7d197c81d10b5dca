// SPDX-License-Identifier: LGPL-2.1-or-later
// What the tools read in a profile is what the plugin simulates.
#include <gtest/gtest.h>

#include "mm/mmu_geometries.hpp"
#include "mm/mmu_geometry_text.hpp"
#include "tools/profile_geometry.hpp"
#include "tools/profile_selection.hpp"

namespace {

TEST(ProfileGeometry, EveryBuiltInProfileHasItsRow) {
    for (const tools::Profile& p : tools::all_profiles()) {
        const mm::MmuGeometry* const row = mm::find_geometry(p.name.c_str());
        ASSERT_NE(row, nullptr) << p.name << ": add it to include/mm/mmu_geometries.hpp";
        std::string text;
        mm::put_geometry([&](char c) { text += c; }, *row);
        EXPECT_EQ(tools::geometry_text(p), text) << "of " << p.file << " and of include/mm/mmu_geometries.hpp";
        EXPECT_TRUE(tools::is_built_in(p)) << p.name;
    }
}

TEST(ProfileGeometry, EveryRowHasItsProfileInTheOrderOfGenerations) {
    std::vector<std::string> names;
    for (const tools::Profile& p : tools::all_profiles()) names.push_back(p.name);
    EXPECT_EQ(names, tools::built_in_profiles());
}

TEST(ProfileGeometry, TheTextIsReadBack) {
    for (const tools::Profile& p : tools::all_profiles()) {
        mm::MmuGeometry g;
        char name[mm::max_profile_name + 1];
        EXPECT_EQ(mm::parse_geometry(tools::geometry_text(p).c_str(), g, name), nullptr) << p.name;
        EXPECT_TRUE(g == tools::to_geometry(p)) << p.name;
        EXPECT_EQ(g.profile, p.name);
    }
}

TEST(ProfileGeometry, OtherTlbsAreNotTheBuiltInOnes) {
    tools::Profile p6 = tools::find_profile("p6");
    p6.mov_cr3.best += 1;
    EXPECT_TRUE(tools::is_built_in(p6)) << "costs are no geometry";
    p6.data_4k.replacement.is = "random";
    EXPECT_FALSE(tools::is_built_in(p6));
    EXPECT_EQ(tools::geometry_text(p6), "p6:g:32/4l+2/2l:64/4r+8/4l:-:-:n:-");
    p6.name = "mine";
    EXPECT_FALSE(tools::is_built_in(p6));
}

}  // namespace
