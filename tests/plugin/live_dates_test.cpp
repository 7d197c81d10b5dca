// SPDX-License-Identifier: LGPL-2.1-or-later
// When translations were cached and entries changed, as a viewer is told: by the tick at which it happened, or not at all.
#include "bochs-plugin/live_dates.h"

#include "stale_fixture.hpp"

namespace plugin {
namespace {

using Kind = CachedSince::Kind;

constexpr uint64_t since = 5;  // tick at which the viewer comes

class LiveDatesTest : public StaleTest {
protected:
    // Profiles: none of p6's TLBs has a second level; nehalem's small ones have one for both sides, and it has a cache of directory entries.
    void SetUp() override {
        StaleTest::SetUp();
        machine.now = 100;
        stale.on_table = [this](Pfn frame) { dates.found_table(frame, machine.now); };
        cpu.listen(dates);
    }
    static const TlbContents& tlb(const MmuContents& m, const std::string& name) {
        for (const TlbContents& t : m.tlbs)
            if (t.name == name) return t;
        static const TlbContents none;
        ADD_FAILURE() << name << " is not there";
        return none;
    }
    CachedSince of(unsigned profile, const std::string& name, uint32_t linear) const {
        const MmuContents m = inspect_mmu(dates_cpu(), profile);
        for (const CachedTranslation& e : tlb(m, name).entries)
            if (linear >> e.shift == e.linear.raw >> e.shift) return dates.cached(dates_cpu(), profile, tlb(m, name).level, e);
        ADD_FAILURE() << linear << " is not in " << name;
        return {};
    }
    virtual const CpuState& dates_cpu() const { return cpu; }

    LiveDates dates{1, 2, &stale.tables, since};
};

TEST_F(LiveDatesTest, ATranslationIsCachedSinceItsLastWalk) {
    machine.now = 200, use(at);
    const uint64_t walked = machine.now;
    machine.now = 300, use(at);
    EXPECT_EQ(of(0, "DTLB 4K", at).kind, Kind::at);
    EXPECT_EQ(of(0, "DTLB 4K", at).tick, walked) << "the second use was served";
    cpu.invalidate_page(VirtAddr{at}, begun);
    machine.now = 400, use(at);
    EXPECT_EQ(of(0, "DTLB 4K", at).tick, machine.now);
}

TEST_F(LiveDatesTest, WhatWasThereBeforeIsCachedSinceThenOrEarlier) {
    cpu.ignore(dates);
    use(at);
    cpu.listen(dates);
    EXPECT_EQ(of(0, "DTLB 4K", at).kind, Kind::before);
    EXPECT_EQ(of(0, "DTLB 4K", at).tick, since);
}

TEST_F(LiveDatesTest, AWalkThatFaultsCachesNothing) {
    use(at);
    const uint64_t walked = machine.now;
    fault(at, AccessKind::write);  // what is cached stays, for all that the walk tells
    machine.now += 50;
    EXPECT_EQ(dates.cached(cpu, 0, MmuModel::first_data, {0, 0, VirtAddr{at}}).tick, walked);
}

TEST_F(LiveDatesTest, AnEntryHasTheTickOfItsLastChange) {
    use(at);
    const uint64_t found = machine.now;
    EXPECT_FALSE(dates.entry(pte(page)).changed);
    EXPECT_EQ(dates.entry(pte(page)).unchanged_since, found) << "its table was walked to for the first time";
    EXPECT_EQ(dates.entry(pde(page)).unchanged_since, since) << "the directory was in use before";
    machine.now = 700;
    write_entry(pte(page), moved);
    machine.now = 800, use(far);
    EXPECT_EQ(dates.entry(pte(page)).changed, 700u);
    EXPECT_FALSE(dates.entry(pte(page)).unchanged_since);
    EXPECT_EQ(dates.entry(pte(page) + 4).unchanged_since, found) << "its neighbour is as it was";
}

TEST_F(LiveDatesTest, AccessedAndDirtyAreNoChange) {
    use(at);
    write_entry(pte(page), original | accessed | dirty);
    use(far);
    EXPECT_FALSE(dates.entry(pte(page)).changed);
}

TEST_F(LiveDatesTest, OfFramesThatAreNotFollowedNothingIsKnown) {
    const EntryDates unused = dates.entry(PhysAddr{0x300000});
    EXPECT_FALSE(unused.changed || unused.unchanged_since);
    const EntryDates off = LiveDates{1, 1, nullptr, since}.entry(pte(page));
    EXPECT_FALSE(off.changed || off.unchanged_since);
}

// A change that nobody saw may have come after the one that is remembered.
TEST_F(LiveDatesTest, ATableThatWasForgottenIsKnownFromItsReturnOn) {
    use(at);
    write_entry(pte(page), moved);
    use(far);
    ASSERT_TRUE(dates.entry(pte(page)).changed);
    const Pfn table = frame_of(pte(page));
    const TablePlace place = stale.tables.places(table).front();
    while (stale.tables.watched(table)) stale.tables.forget(table, TablePlace{stale.tables.places(table).front()});
    EXPECT_FALSE(dates.entry(pte(page)).changed) << "its writes are not followed";
    machine.now = 900;
    stale.tables.watch(table, place);
    EXPECT_FALSE(dates.entry(pte(page)).changed);
    EXPECT_EQ(dates.entry(pte(page)).unchanged_since, 900u);
}

TEST_F(LiveDatesTest, APartThatWasLeftOutMayHaveChangedEverything) {
    use(at);
    write_entry(pte(page), moved);
    use(far);
    const trace::State before = cpu.state();
    cpu.suspend(begun, 0);
    machine.now = 5000;
    cpu.go_on(before, 0);
    EXPECT_FALSE(dates.entry(pte(page)).changed);
    EXPECT_EQ(dates.entry(pte(page)).unchanged_since, 5000u);
}

class LiveDatesOfTwoLevels : public LiveDatesTest {
protected:
    void SetUp() override {
        LiveDatesTest::SetUp();
        cpu.ignore(dates);
        machine.map(Vpn{1}, Pfn{0x11}, {true, true, true, false});
        other.begin(cpu.state(), 0);
        other.listen(dates);
    }
    const CpuState& dates_cpu() const override { return other; }
    void read(uint32_t linear) { other.data_access(VirtAddr{linear}, PhysAddr{0x12000}, AccessKind::read, begun); }

    FastPath other_fast;
    StaleWatch other_stale{StaleMode::off};
    CpuState other{machine, other_fast, file, 0, {find_geometry("nehalem"), find_geometry("p6")}, other_stale, false, [] {}};
};

// The second level may have filled the first at any time since.
TEST_F(LiveDatesOfTwoLevels, OfAFirstLevelOnlyTheWalkIsKnown) {
    machine.now = 1200, read(at);
    EXPECT_EQ(of(0, "STLB 4K", at).kind, Kind::at);
    EXPECT_EQ(of(0, "STLB 4K", at).tick, 1200u);
    EXPECT_EQ(of(0, "DTLB 4K", at).kind, Kind::not_before);
    EXPECT_EQ(of(0, "DTLB 4K", at).tick, 1200u);
    EXPECT_EQ(of(1, "DTLB 4K", at).kind, Kind::at) << "p6 has no second level";
    const MmuContents m = inspect_mmu(other, 0);
    ASSERT_EQ(m.pde_cache.size(), 1u);
    EXPECT_EQ(dates.cached(other, 0, m.pde_cache[0]).kind, Kind::at);
}

TEST_F(LiveDatesOfTwoLevels, ADirectoryEntryStaysCachedWhenOtherWalksUseIt) {
    machine.now = 1200, read(at);
    const uint64_t first = inspect_mmu(other, 0).pde_cache.empty() ? 0 : dates.cached(other, 0, inspect_mmu(other, 0).pde_cache[0]).tick;
    machine.now = 1300, other.data_access(VirtAddr{0x3010}, PhysAddr{0x13010}, AccessKind::read, begun);
    EXPECT_EQ(dates.cached(other, 0, inspect_mmu(other, 0).pde_cache.at(0)).tick, first);
    EXPECT_EQ(of(0, "STLB 4K", 0x3010).tick, 1300u);
}

}  // namespace
}  // namespace plugin
