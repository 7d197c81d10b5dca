// SPDX-License-Identifier: LGPL-2.1-or-later
// The reference model's second levels against cases that were worked out by hand.
#include "rules.hpp"

namespace reference::rules {
namespace {

constexpr mm::TlbLevel two{{2, 2}, {}, false}, four{{4, 4}, {}, false}, with_large{{2, 2}, {1, 1}, false};

TEST(ReferenceSecondLevel, BothLevelsAreFilledAndAHitIsCopied) {
    OneCpu cpu{{.data = two, .second_data = four}};
    for (uint32_t n : {0u, 1u, 2u}) (void)cpu.access(page(n));
    EXPECT_FALSE(cpu.in_data(page(0)));
    EXPECT_EQ(cpu.access(page(0)).by, By::second_level);
    EXPECT_TRUE(cpu.in_data(page(0)) && cpu.in_second(page(0)));
    EXPECT_EQ(cpu.model.data_counts().misses, 4u);
    EXPECT_EQ(cpu.model.data_counts().walks, 3u);
    EXPECT_EQ(cpu.model.second_hits(), 1u);
}

TEST(ReferenceSecondLevel, FirstLevelHitsAreNoUseOfTheSecond) {
    OneCpu cpu{{.data = two, .second_data = two}};
    (void)cpu.access(page(0)), (void)cpu.access(page(1)), (void)cpu.access(page(0));
    (void)cpu.access(page(2));  // the second level evicts 0, its oldest fill; the first level evicts 1
    EXPECT_FALSE(cpu.in_second(page(0)));
    EXPECT_TRUE(cpu.in_data(page(0))) << "neither inclusive nor exclusive";
    EXPECT_EQ(cpu.access(page(0)).by, By::first_level);
}

TEST(ReferenceSecondLevel, AnInclusiveOneTakesItsVictimOutOfTheFirst) {
    OneCpu cpu{{.data = four, .second_data = two, .inclusion = mm::Inclusion::inclusive}};
    for (uint32_t n : {0u, 1u, 2u}) (void)cpu.access(page(n));
    EXPECT_FALSE(cpu.in_data(page(0)));
    EXPECT_EQ(cpu.access(page(0)).cause, Cause::evicted);
}

TEST(ReferenceSecondLevel, AWayThatInclusionFreesTakesTheFill) {
    OneCpu cpu{{.data = two, .second_data = two, .inclusion = mm::Inclusion::inclusive}};
    (void)cpu.access(page(0)), (void)cpu.access(page(1)), (void)cpu.access(page(0));
    (void)cpu.access(page(2));  // the second level evicts 0, which frees a way of the first: 1 stays, though older there
    EXPECT_TRUE(cpu.in_data(page(1)) && cpu.in_data(page(2)));
}

TEST(ReferenceSecondLevel, AnUnifiedInclusiveOneEvictsFromBothSides) {
    OneCpu cpu{{.instruction = four, .data = four, .second_data = two, .second_unified = true, .inclusion = mm::Inclusion::inclusive}};
    (void)cpu.access(page(0), execute), (void)cpu.access(page(1)), (void)cpu.access(page(2));
    EXPECT_FALSE(OneCpu::in(cpu.model.instruction(), page(0)));
    EXPECT_EQ(cpu.access(page(1), execute).by, By::second_level) << "a page that data filled serves fetches";
    EXPECT_EQ(cpu.access(page(0)).cause, Cause::evicted) << "both sides have one history";
}

TEST(ReferenceSecondLevel, SplitOnesHaveAHistoryEach) {
    OneCpu cpu{{.instruction = two, .data = two, .second_instruction = four, .second_data = four}};
    (void)cpu.access(page(0), execute);
    EXPECT_EQ(cpu.access(page(0)).cause, Cause::first_touch);
}

TEST(ReferenceSecondLevel, AnExclusiveOneTakesVictimsAndGivesThemBack) {
    OneCpu cpu{{.data = two, .second_data = four, .inclusion = mm::Inclusion::exclusive}};
    (void)cpu.access(page(0)), (void)cpu.access(page(1));
    EXPECT_EQ(OneCpu::entries(cpu.model.second_data()), 0u);
    (void)cpu.access(page(2));
    EXPECT_TRUE(cpu.in_second(page(0)) && !cpu.in_data(page(0)));
    EXPECT_EQ(cpu.access(page(0)).by, By::second_level);
    EXPECT_TRUE(cpu.in_data(page(0)) && !cpu.in_second(page(0)));
    EXPECT_TRUE(cpu.in_second(page(1)) && !cpu.in_data(page(1)));
    EXPECT_EQ(cpu.model.flush_all(Cause::control).second, 1u);
}

TEST(ReferenceSecondLevel, LargeVictimsNeedAPlaceThere) {
    for (const bool shared : {false, true}) {
        OneCpu cpu{{.data = with_large, .second_data = {{4, 4}, {}, shared}, .inclusion = mm::Inclusion::exclusive}};
        cpu.memory.map_large(VirtAddr{0x400000}, 0x400, OneCpu::all);
        cpu.memory.map_large(VirtAddr{0x800000}, 0x800, OneCpu::all);
        (void)cpu.access(VirtAddr{0x400000}), (void)cpu.access(VirtAddr{0x800000});
        EXPECT_EQ(cpu.in_second(VirtAddr{0x400000}), shared);
        EXPECT_EQ(cpu.access(VirtAddr{0x401000}).by, shared ? By::second_level : By::walk);
    }
}

TEST(ReferenceSecondLevel, LargePagesStayInTheFirstIfTheSecondIsForSmallOnes) {
    OneCpu cpu{{.data = with_large, .second_data = four}};
    cpu.memory.map_large(VirtAddr{0x400000}, 0x400, OneCpu::all);
    cpu.memory.map_large(VirtAddr{0x800000}, 0x800, OneCpu::all);
    (void)cpu.access(VirtAddr{0x400000}), (void)cpu.access(VirtAddr{0x800000});
    EXPECT_EQ(OneCpu::entries(cpu.model.second_data()), 0u);
    EXPECT_EQ(cpu.access(VirtAddr{0x400000}).cause, Cause::evicted);
}

TEST(ReferenceSecondLevel, FragmentsGoIntoTheSecondToo) {
    OneCpu cpu{{.data = two, .second_data = {{4, 4}, {4, 4}, false}}};
    cpu.memory.map_large(VirtAddr{0x400000}, 0x400, OneCpu::all);
    (void)cpu.access(VirtAddr{0x400000});
    EXPECT_EQ(cpu.access(VirtAddr{0x401000}).by, By::walk) << "the first level decides the form";
    EXPECT_EQ(OneCpu::entries(cpu.model.second_data()), 2u);
}

TEST(ReferenceSecondLevel, StoresOfALoadsOnlyCpuGoToTheSecond) {
    OneCpu cpu{{.data = two, .loads_only = true, .second_data = four}};
    (void)cpu.access(page(0), write);
    EXPECT_FALSE(cpu.in_data(page(0)));
    EXPECT_EQ(cpu.access(page(0), write).by, By::first_level);
    EXPECT_EQ(cpu.model.data_counts().misses, 1u);
    EXPECT_EQ(cpu.model.second_hits(), 0u);
    EXPECT_FALSE(cpu.in_data(page(0))) << "nothing is copied";
    EXPECT_EQ(cpu.access(page(0)).by, By::second_level);
    EXPECT_EQ(cpu.access(page(0)).by, By::first_level);
    for (uint32_t n : {1u, 2u, 3u}) (void)cpu.access(page(n), write);
    (void)cpu.access(page(1), write);  // a use there: after 0, 2 is now the oldest
    (void)cpu.access(page(4), write), (void)cpu.access(page(5), write);
    EXPECT_TRUE(cpu.in_second(page(1)) && !cpu.in_second(page(0)) && !cpu.in_second(page(2)));
    EXPECT_EQ(cpu.access(page(0)).by, By::first_level);
    EXPECT_EQ(cpu.access(page(0), write).cause, Cause::evicted) << "the loads' entry does not serve stores";
}

TEST(ReferenceSecondLevel, AnEntryThatForbidsTheAccessDoesNotHideTheSecondLevels) {
    OneCpu cpu{{.instruction = two, .data = two, .second_data = four, .second_unified = true}};
    cpu.memory.map_small(page(9), 0x99, {false, true, true, false});
    (void)cpu.access(page(9), execute), (void)cpu.access(page(9));
    cpu.memory.map_small(page(9), 0x99, {true, true, true, false});
    EXPECT_EQ(cpu.access(page(9), write).by, By::walk);
    EXPECT_EQ(cpu.access(page(9), write).by, By::first_level);
    EXPECT_EQ(OneCpu::entries(cpu.model.second_data()), 1u);
    EXPECT_TRUE(OneCpu::in(cpu.model.instruction(), page(9))) << "the other side's first level keeps its old entry";
}

}  // namespace
}  // namespace reference::rules
