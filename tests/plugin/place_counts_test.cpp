// SPDX-License-Identifier: LGPL-2.1-or-later
// Walks and fills are counted where they end, from when somebody listens.
#include "bochs-plugin/place_counts.h"

#include "cpu_state_fixture.hpp"

namespace plugin {
namespace {

class PlaceCountsTest : public CpuStateTest {
protected:
    void SetUp() override {
        CpuStateTest::SetUp();
        turn_paging_on();
    }
    RunInfo info;
    PlaceCounts counts{info};
};

TEST_F(PlaceCountsTest, AreChargedOnceForEachWalk) {
    access(0x1010);
    cpu.listen(counts);
    access(0x2010), access(0x2020);  // the second is served
    EXPECT_EQ(counts.zone(0).walks[0], 1u) << "no zone is known yet: other";
    info.zones = {{"DMA", 0, 0, 0x13, 0x13}, {"Normal", 0, 0x13, 0x100, 0xED}};
    info.regions = {{"user", 0, 0x3000}, {"lowmem", 0x3000, 0x10000}};
    access(0x3010);
    EXPECT_EQ(counts.zone(0).walks[0], 0u);
    EXPECT_EQ(counts.zone(1).walks[0], 1u);
    EXPECT_EQ(counts.zone(2).walks[0], 1u) << "other";
    EXPECT_EQ(counts.region(1).walks[0], 1u);
    EXPECT_EQ(counts.region(0).walks[0], 0u);
}

TEST_F(PlaceCountsTest, FillsAreBochsOwn) {
    info.zones = {{"Normal", 0, 0, 0x100, 0x100}};
    cpu.listen(counts);
    cpu.begin_translation(VirtAddr{0x2010}, {AccessKind::read, false});
    cpu.physical_access(PhysAddr{0x1000}, false), cpu.physical_access(PhysAddr{0x2008}, false);
    cpu.end_translation(Pfn{0x12}, 12);
    EXPECT_EQ(counts.zone(0).fills, 1u);
    EXPECT_EQ(counts.zone(0).walks[0], 0u);
}

TEST_F(PlaceCountsTest, AFaultIsNowhere) {
    info.zones = {{"DMA", 0, 0, 0x100, 0x100}};
    access(0x1010);
    cpu.listen(counts);
    machine.unmap(Vpn{2});
    cpu.begin_translation(VirtAddr{0x2010}, {AccessKind::read, false});
    cpu.physical_access(PhysAddr{0x1000}, false), cpu.physical_access(PhysAddr{0x2008}, false);
    cpu.exception(14, 0, VirtAddr{0x2010}, begun);
    EXPECT_EQ(counts.zone(0).walks[0], 0u);
    EXPECT_EQ(counts.zone(1).walks[0], 1u);
    EXPECT_EQ(counts.zone(1).fills, 0u);
}

// What was counted by the user's zones is in none of those that the guest publishes later.
TEST_F(PlaceCountsTest, ZonesThatTakeTheUsersPlaceBeginAnew) {
    info.zones = {{"low", 0, 0, 0x13, 0x13}, {"high", 0, 0x13, 0x100, 0xED}}, info.zones_given = true;
    access(0x1010);
    cpu.listen(counts);
    access(0x2010);
    EXPECT_EQ(counts.zone(0).walks[0], 1u);
    info.zones = {{"DMA", 0, 0, 0x100, 0x100}}, info.zones_given = false;
    EXPECT_EQ(counts.zone(0).walks[0], 0u);
    EXPECT_EQ(counts.zone(1).walks[0], 1u) << "other";
    access(0x3010);
    EXPECT_EQ(counts.zone(0).walks[0], 1u);
    EXPECT_EQ(counts.zone(1).walks[0], 1u);
}

}  // namespace
}  // namespace plugin
