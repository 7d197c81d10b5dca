// SPDX-License-Identifier: LGPL-2.1-or-later
// Which uses of a translation are reported after its entry changed, and which are not.
#include "stale_fixture.hpp"

namespace {

using namespace plugin;

constexpr uint32_t page = 2, at = page << 12;   // mapped to frame 0x12, writable, open to programs
constexpr uint32_t far = 0x402000;                // mapped to frame 0x42, by a table of its own in frame 3
constexpr uint32_t accessed = 0x20, dirty = 0x40, present_user_write = 7;
constexpr uint32_t original = 0x12000 | present_user_write, moved = 0x77000 | present_user_write;

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
    const auto all = reports();
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].kind, StaleKind::memory_type_changed);
    EXPECT_EQ(all[1].kind, StaleKind::global_cleared);
}

TEST_F(StaleTest, ADirectoryEntryWhoseTableIsReused) {
    use(far);
    write_entry(pde(far >> 12), 0);
    write_entry(PhysAddr{0x3000 + 4 * 5}, 0x99007);
    fault(0x405000, AccessKind::read);  // never used: only the stale directory entry leads there
    const auto all = reports();
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].level, TableLevel::pde);
    EXPECT_EQ(all[0].kind, StaleKind::table_freed);
    EXPECT_EQ(all[0].old_frame, Pfn{0x99});
}

TEST_F(StaleTest, AnyInvlpgDropsDirectoryEntriesButNoOtherPage) {
    use(far);
    write_entry(pde(far >> 12), 0);
    cpu.invalidate_page(VirtAddr{0x12345000}, begun);
    machine.poke(PhysAddr{0x3000 + 4 * 5}, 0x99007);
    fault(0x405000, AccessKind::read);
    EXPECT_EQ(uses(), 0u);
    fault(far, AccessKind::read);
    EXPECT_EQ(uses(), 1u) << "the page itself was cached";
}

TEST_F(StaleTest, ALargePageIsHeldForAllItsAddresses) {
    machine.poke(pde(0xC00), 0x00C00083), machine.poke(pde(0x800), 0x00800083);
    use(0xC00 << 12), use(0x800 << 12);
    write_entry(pde(0xC00), 0x01000083);
    write_entry(pde(0x800), 0x01000083);
    cpu.invalidate_page(VirtAddr{0x8FF << 12}, begun);
    machine.done += 2;
    cpu.data_access(VirtAddr{0xC12345}, PhysAddr{0x1012345}, AccessKind::read, begun);
    cpu.data_access(VirtAddr{0x812345}, PhysAddr{0x1012345}, AccessKind::read, begun);
    cpu.data_access(VirtAddr{0x800000}, PhysAddr{0x1000000}, AccessKind::read, begun);
    const auto all = reports();
    ASSERT_EQ(all.size(), 1u) << "INVLPG anywhere in a large page drops all of it";
    EXPECT_TRUE(all[0].large);
    EXPECT_EQ(all[0].old_frame, Pfn{0xC12}) << "an address that was never used";
}

TEST_F(StaleTest, OneInvlpgIsEnoughForALargePage) {
    machine.poke(pde(0xC00), 0x00C00083);
    use(0xC00 << 12), use(0xC01 << 12), use(0xC02 << 12);
    machine.poke(PhysAddr{0x9000}, 0x55003), machine.poke(PhysAddr{0x9004}, 0x56003), machine.poke(PhysAddr{0x900C}, 0x57003);
    write_entry(pde(0xC00), 0x9003);
    machine.done += 2;
    cpu.data_access(VirtAddr{0xC01000}, PhysAddr{0x56000}, AccessKind::read, begun);
    EXPECT_EQ(uses(), 1u);
    cpu.invalidate_page(VirtAddr{0xC00 << 12}, begun);
    cpu.data_access(VirtAddr{0xC00000}, PhysAddr{0x55000}, AccessKind::read, begun);
    cpu.data_access(VirtAddr{0xC03000}, PhysAddr{0x57000}, AccessKind::read, begun);
    cpu.data_access(VirtAddr{0xC02000}, PhysAddr{0}, AccessKind::read, begun);
    const auto all = reports();
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].kind, StaleKind::page_size_changed);
}

TEST_F(StaleTest, AGlobalPageInTwoAddressSpaces) {
    machine.poke(pte(page), original | 0x100);
    use(at);
    machine.map(Vpn{page}, Pfn{0x77}, {true, true, true, false}, PhysAddr{0x21000});
    machine.map(Vpn{window}, Pfn{0x2}, {true, false, true, true}, PhysAddr{0x21000});
    cpu.write_cr3(0x21000, nullptr, false, {0x1603, 0x1600, 0, false});
    machine.done += 2;
    cpu.data_access(VirtAddr{at}, PhysAddr{0x77000}, AccessKind::read, begun);
    const auto all = reports();
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].change.how, EntryWriter::address_space);
    EXPECT_EQ(all[0].change.ip, 0x1600u);
    EXPECT_TRUE(all[0].global);
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

TEST_F(StaleTest, TablesThatTheGuestSaysItFreed) {
    use(far);
    cpu.publish_page_table(Pfn{3}, protocol::PageTable::freed, {0x1703, 0x1700, 0, false});
    cpu.write_cr3(0x1000, nullptr, false, begun);
    use(far);
    const auto all = reports();
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].kind, StaleKind::freed_table_used);
    EXPECT_EQ(all[0].change.ip, 0x1700u);
    cpu.publish_page_table(Pfn{3}, protocol::PageTable::allocated, begun);
    cpu.write_cr3(0x1000, nullptr, false, begun);
    use(far);
    EXPECT_EQ(uses(), 1u);
}

TEST_F(StaleTest, AnotherCpuIsNotTold) {
    TraceFile other_file;
    ASSERT_TRUE(other_file.open(directory / "cpu1"));
    FastPath other_fast;
    CpuState other{machine, other_fast, other_file, 1, {find_geometry("p6")}, stale, false, [] {}};
    other.next_instruction({0x1000, 0x1000, 0, false});
    other.write_cr3(0x1000, nullptr, false, begun);
    other.write_cr0(cr0_pe | cr0_pg | cr0_wp, nullptr, begun);
    other.data_access(VirtAddr{at}, PhysAddr{0x12000}, AccessKind::read, begun);
    use(at);
    EXPECT_EQ(other_fast.pages[page].served[0], served_by_all);
    write_entry(pte(page), moved);
    EXPECT_EQ(other_fast.counting, Counting::ask) << "memory does not have it yet";
    cpu.invalidate_page(VirtAddr{at}, begun);
    EXPECT_NE(other_fast.pages[page].served[0], served_by_all);
    use(at);
    EXPECT_EQ(uses(), 0u) << "the writer has flushed";
    other.data_access(VirtAddr{at}, PhysAddr{0x77000}, AccessKind::read, begun);
    EXPECT_EQ(uses(), 1u);
    other.finish();
    const auto all = recorded<trace::Stale>(directory / "cpu1");
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].change.how, EntryWriter::other_cpu);
    EXPECT_EQ(all[0].change.cpu, 0u);
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
