// SPDX-License-Identifier: LGPL-2.1-or-later
// What is counted for viewers, from the events of a CPU.
#include "bochs-plugin/live_counts.h"

#include "cpu_state_fixture.hpp"

namespace plugin {
namespace {

class LiveCountsTest : public CpuStateTest {
protected:
    void SetUp() override {
        CpuStateTest::SetUp();
        turn_paging_on();
        access(0x1010);  // with the fetch that comes before it
        cpu.listen(counts);
    }
    LiveCounts counts{1, 4, 7};
};

TEST_F(LiveCountsTest, CountsWalksByFrameAndByPage) {
    access(0x3010), access(0x2010), access(0x2020);  // the third is served
    EXPECT_EQ(counts.total(0).walks, 2u);
    EXPECT_EQ(counts.total(0).reads, 4u);
    EXPECT_EQ(counts.total(0).refills, 0u);
    EXPECT_EQ(counts.frames(0x13, 0x14, 0).walks, 1u);
    EXPECT_EQ(counts.frames(0, 0x100, 0).walks, 2u);
    EXPECT_EQ(counts.pages(2, 3, 0, false).walks, 1u);
    EXPECT_EQ(counts.pages(0, linear_pages, 0, true).walks, 0u) << "the kernel's accesses";
    EXPECT_EQ(counts.since(), 7u);
}

TEST_F(LiveCountsTest, CountsFaultsInTheTotalAlone) {
    machine.unmap(Vpn{2});
    cpu.begin_translation(VirtAddr{0x2010}, {AccessKind::read, false});
    cpu.physical_access(PhysAddr{0x1000}, false), cpu.physical_access(PhysAddr{0x2008}, false);
    cpu.exception(14, 0, VirtAddr{0x2010}, begun);
    EXPECT_EQ(counts.total(0).walks, 1u);
    EXPECT_EQ(counts.frames(0, ~uint64_t{0}, 0).walks, 0u);
}

TEST_F(LiveCountsTest, CountsFlushesAndWhatTheyCost) {
    for (int n = 0; n < 3; ++n) access(0x2010), cpu.write_cr3(0x1000, nullptr, false, begun);
    cpu.invalidate_page(VirtAddr{0x5000}, begun);
    uint64_t dropped = 0, dropping = 0, refills = 0;
    for (const trace::Flush& e : finish<trace::Flush>()) {
        if (e.cause != RefillCause::context_switch) continue;
        ++dropped, dropping += e.dropped.instruction + e.dropped.data + e.dropped.second != 0;
    }
    for (const trace::ModelWalk& e : recorded<trace::ModelWalk>(path)) refills += is_flush(e.cause);
    const LiveCounts::Flushes f = counts.flushes(RefillCause::context_switch, 0), i = counts.flushes(RefillCause::invlpg, 0);
    EXPECT_EQ(f.made, 3u);
    EXPECT_EQ(f.dropped, dropped);
    EXPECT_EQ(f.dropping, dropping);
    EXPECT_GE(dropping, 3u);
    EXPECT_EQ(counts.total(0).refills, refills);
    EXPECT_GE(refills, 2u);
    EXPECT_EQ(i.made, 1u);
    EXPECT_EQ(i.dropped, 0u) << "there was nothing to drop";
}

TEST_F(LiveCountsTest, CountsBochsOwnFills) {
    cpu.begin_translation(VirtAddr{0x2010}, {AccessKind::read, true});
    cpu.physical_access(PhysAddr{0x1000}, false), cpu.physical_access(PhysAddr{0x2008}, false);
    cpu.end_translation(Pfn{0x12}, 12);
    EXPECT_EQ(counts.frames(0x12, 0x13, 0).fills, 1u);
    EXPECT_EQ(counts.pages(2, 3, 0, true).fills, 1u);
}

TEST_F(LiveCountsTest, DrawsMemoryAndLinearSpaceCoarsely) {
    access(0x3010), access(0x2010);
    const LiveCounts::Bins bins = counts.memory(0x400, 0, 0);
    ASSERT_EQ(bins.walks.size(), 4u);
    EXPECT_EQ(bins.walks[0], 2u);
    EXPECT_EQ(bins.walks[1], 0u);
    EXPECT_EQ(counts.memory(0x400, 1, 0).walks, (std::vector<uint64_t>{2, 0}));
    EXPECT_EQ(counts.slots(10, 0).size(), 1024u);
    EXPECT_EQ(counts.slots(9, 0).size(), 2048u);
    EXPECT_EQ(counts.slots(10, 0)[0], 2u);
}

TEST_F(LiveCountsTest, HearsNothingOnceItIsIgnored) {
    cpu.ignore(counts);
    access(0x1010);
    EXPECT_EQ(counts.total(0).walks, 0u);
}

}  // namespace
}  // namespace plugin
