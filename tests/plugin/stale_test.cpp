// SPDX-License-Identifier: LGPL-2.1-or-later
// Which uses of a translation are reported after its entry changed, and which are not.
#include "stale_fixture.hpp"

namespace {

using namespace plugin;

TEST_F(StaleTest, AFrameThatChangedUnderAUsedTranslation) {
    machine.now = 100;
    use(at + 8, AccessKind::read, false, 0x1500);
    machine.now = 200;
    write_entry(pte(page), moved);
    machine.now = 300;
    use(at + 12, AccessKind::write);
    use(at + 16, AccessKind::write);
    const auto all = reports();
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(uses(), 2u) << "one report for the instruction, with a count";
    const trace::Stale& r = all[0];
    EXPECT_EQ(r.kind, StaleKind::frame_changed);
    EXPECT_EQ(r.level, TableLevel::pte);
    EXPECT_EQ(r.linear.raw, at + 12);
    EXPECT_EQ(r.ip, user);
    EXPECT_EQ(r.access.kind, AccessKind::write);
    EXPECT_EQ(r.change.ip, writer);
    EXPECT_EQ(r.change.ticks, 200u);
    EXPECT_EQ(r.change.entry_at, pte(page));
    EXPECT_EQ(r.change.old_entry, original);
    EXPECT_EQ(r.change.new_entry, moved);
    EXPECT_EQ(r.cached.ip, 0x1500u);
    EXPECT_EQ(r.old_frame, Pfn{0x12});
    EXPECT_EQ(r.new_frame, Pfn{0x77});
    EXPECT_EQ(r.profiles, 1u) << "the modelled TLB still has it";
    EXPECT_TRUE(r.mapped);
}

TEST_F(StaleTest, NothingIsHeldThatWasNotUsed) {
    use(0x1000);
    write_entry(pte(page), moved);
    use(at);
    EXPECT_EQ(uses(), 0u);
}

// Each page with more and more frames, and no flush.
TEST_F(StaleTest, WhatThereIsNoRoomForIsCounted) {
    constexpr uint32_t first = 0x403, last = 0x2000, rounds = 10, all = (last - first) * rounds;
    static_assert(all > MayHold::most_listed);
    for (uint32_t p = first; p < last; ++p) machine.map(Vpn{p}, Pfn{0x12}, {true, true, true, false});
    for (uint32_t round = 1; round <= rounds; ++round)
        for (uint32_t p = first; p < last; ++p) {
            use(p << 12);
            write_entry(pte(p), (0x100 + round) << 12 | present_user_write);
        }
    EXPECT_EQ(stale.held(), MayHold::most_listed);
    EXPECT_GT(stale.unfollowed(), (all - MayHold::most_listed) * 9 / 10);
    EXPECT_LE(stale.unfollowed(), all - MayHold::most_listed);
    cpu.write_cr3(0x1000, nullptr, false, begun);
    use(at);
    write_entry(pte(page), moved);
    const size_t before = uses();
    use(at);
    EXPECT_EQ(uses(), before + 1) << "a flush makes room";
}

TEST(StaleSites, UsesAtSitesWithoutRoomAreCounted) {
    StaleSites sites;
    for (uint32_t n = 0; n <= StaleSites::most; ++n) {
        trace::Stale use;
        use.ip = 0x1000 + n;
        EXPECT_EQ(sites.count(use), n < StaleSites::most);
        EXPECT_EQ(use.site, n < StaleSites::most ? n : StaleSites::no_site);
    }
    EXPECT_EQ(sites.sites(), StaleSites::most);
    EXPECT_EQ(sites.unfollowed(), 1u);
    trace::Stale known;
    known.ip = 0x1000;
    EXPECT_FALSE(sites.count(known));
    EXPECT_EQ(sites.unfollowed(), 1u);
}

TEST_F(StaleTest, ACauseIsTheFirstWalkSinceTheLastFlush) {
    use(at, AccessKind::read, false, 0x1500);
    use(at, AccessKind::read, false, 0x1600);
    cpu.write_cr3(0x1000, nullptr, false, begun);
    use(at, AccessKind::read, false, 0x1700);
    use(at, AccessKind::read, false, 0x1800);
    write_entry(pte(page), moved);
    use(at);
    const auto all = reports();
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].cached.ip, 0x1700u);
}

TEST_F(StaleTest, InvlpgAfterTheWriteMakesItGood) {
    use(at);
    write_entry(pte(page), moved);
    cpu.invalidate_page(VirtAddr{at}, begun);
    use(at);
    EXPECT_EQ(uses(), 0u);
}

TEST_F(StaleTest, InvlpgBeforeTheWriteDoesNot) {
    use(at);
    cpu.invalidate_page(VirtAddr{at}, begun);
    use(at);
    write_entry(pte(page), moved);
    use(at);
    EXPECT_EQ(uses(), 1u);
}

TEST_F(StaleTest, MovCr3MakesItGoodUnlessThePageIsGlobal) {
    use(at);
    write_entry(pte(page), moved | 0x100);
    cpu.write_cr3(0x1000, nullptr, false, begun);
    use(at);
    EXPECT_EQ(uses(), 0u);
    write_entry(pte(page), original | 0x100);
    cpu.write_cr3(0x1000, nullptr, false, begun);
    use(at);
    EXPECT_EQ(uses(), 1u);
    cpu.write_cr4(cr4_pse, nullptr, begun);
    use(at);
    EXPECT_EQ(uses(), 1u) << "CR4.PGE cleared drops global pages";
}

TEST_F(StaleTest, PresentClearedIsSeenInTheFaultAndEndsWithIt) {
    use(at);
    write_entry(pte(page), 0);
    fault(at + 4, AccessKind::read);
    fault(at + 4, AccessKind::read);
    const auto all = reports();
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(uses(), 1u) << "the first fault dropped it";
    EXPECT_EQ(all[0].kind, StaleKind::present_cleared);
    EXPECT_FALSE(all[0].mapped);
}

TEST_F(StaleTest, PermissionRemovedHurtsOnlyWhoNeedsIt) {
    use(at, AccessKind::write);
    write_entry(pte(page), 0x12005 | accessed | dirty);
    use(at, AccessKind::read);
    EXPECT_EQ(uses(), 0u);
    fault(at, AccessKind::write);
    const auto all = reports();
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].kind, StaleKind::permission_removed);
}

TEST_F(StaleTest, APageTakenFromProgramsThatBochsStillServes) {
    use(at, AccessKind::read, true);
    write_entry(pte(page), 0x12003 | accessed);
    use(at, AccessKind::read, true);
    const auto all = reports();
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].kind, StaleKind::permission_removed);
    EXPECT_TRUE(all[0].access.user);
}

TEST_F(StaleTest, WhatNeedsNoFlush) {
    machine.poke(pte(page), 0x12005 | accessed);
    use(at);
    write_entry(pte(page), original | accessed);  // permission added
    use(at);
    write_entry(pte(page), original | 0xE00);     // available bits, A cleared
    use(at);
    write_entry(pte(page), original | dirty | accessed);
    use(at, AccessKind::write);
    EXPECT_EQ(uses(), 0u);
    write_entry(pte(4), 0x14007);                 // not present -> present
    use(0x4000);
    EXPECT_EQ(uses(), 0u);
}

TEST_F(StaleTest, AnEntryPutBackBeforeItsUse) {
    use(at);
    write_entry(pte(page), 0);
    write_entry(pte(page), original | accessed);
    use(at);
    EXPECT_EQ(uses(), 0u);
}

TEST_F(StaleTest, ATranslationReplacedBeforeItWasUsedIsNotHeld) {
    use(at);
    write_entry(pte(page), moved);
    write_entry(pte(page), original);
    use(at);
    EXPECT_EQ(uses(), 0u) << "nobody used frame 0x77";
    write_entry(pte(page), moved);
    use(at);
    EXPECT_EQ(uses(), 1u);
}

TEST_F(StaleTest, DirtyClearedLosesTheNextWrite) {
    machine.poke(pte(page), original | dirty | accessed);
    use(at, AccessKind::write);
    write_entry(pte(page), original | accessed);
    use(at, AccessKind::read);
    EXPECT_EQ(uses(), 0u);
    use(at, AccessKind::write);
    const auto all = reports();
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].kind, StaleKind::dirty_cleared);
}

TEST_F(StaleTest, MemoryTypeAndGlobal) {
    use(at), use(0x1000);
    write_entry(pte(page), original | 0x10);
    use(at);
    write_entry(pte(3), 0x13103), use(0x3000);
    write_entry(pte(3), 0x13003), use(0x3000);
    EXPECT_EQ(uses(), 1u) << "the same page: nobody can tell before MOV CR3 has left it there";
    cpu.write_cr3(0x1000, nullptr, false, begun);
    use(0x3000);
    const auto all = reports();
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].kind, StaleKind::memory_type_changed);
    EXPECT_EQ(all[1].kind, StaleKind::global_cleared);
}

TEST_F(StaleTest, ADeviceThatWritesATable) {
    use(at);
    cpu.begin_device_write(pte(page), 4);
    machine.poke(pte(page), moved);
    cpu.end_device_write();
    use(at);
    const auto all = reports();
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].change.how, EntryWriter::device);
}

TEST_F(StaleTest, AnExchangeHasWrittenWhenItIsCompleted) {
    use(at);
    machine.done += 2;
    const Position xchg{writer + 6, writer, 0, false};
    cpu.data_access(VirtAddr{(window << 12) + 8}, pte(page), AccessKind::write, xchg, 4, true);
    cpu.catch_up(xchg);
    machine.poke(pte(page), moved);
    machine.done += 1;
    use(at);
    EXPECT_EQ(uses(), 1u);
}

TEST_F(StaleTest, CodeThatRunsOnInAPageThatMoved) {
    cpu.near_branch(0x1002, at + 0x10);
    machine.done += 2;
    const Position in_page{at + 0x16, at + 0x10, 0, false};
    cpu.data_access(VirtAddr{(window << 12) + 8}, pte(page), AccessKind::write, in_page);
    machine.poke(pte(page), moved);
    machine.done += 1;
    cpu.data_access(VirtAddr{0x1000}, PhysAddr{0x11000}, AccessKind::read, {at + 0x18, at + 0x16, 0, false});
    const auto all = reports();
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].access.kind, AccessKind::execute);
    EXPECT_EQ(all[0].ip, at + 0x16);
}

TEST_F(StaleTest, CountsAreToldAtTheEnd) {
    use(at);
    write_entry(pte(page), moved);
    for (int n = 0; n < 5; ++n) use(at);
    const auto counts = finish<trace::StaleUses>();
    ASSERT_EQ(counts.size(), 1u);
    EXPECT_EQ(counts[0].uses, 5u);
}

}  // namespace
