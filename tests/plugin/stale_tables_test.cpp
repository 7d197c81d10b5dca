// SPDX-License-Identifier: LGPL-2.1-or-later
// Stale directory entries, large pages, tables and address spaces, and other CPUs.
#include "stale_fixture.hpp"

namespace {

using namespace plugin;

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

TEST_F(StaleTest, AnotherTableUnderManyPagesIsOneMistake) {
    constexpr uint32_t pages[] = {0x402, 0x403, 0x404};
    for (const uint32_t p : pages) {
        machine.map(Vpn{p}, Pfn{p}, {true, true, true, false});
        machine.poke(PhysAddr{0xA000 + 4 * (p & 1023)}, 0x99007);
        use(p << 12);
    }
    write_entry(pde(0x402), 0xA007);
    for (const uint32_t p : pages) use(p << 12);
    const auto all = reports();
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(uses(), std::size(pages));
    EXPECT_EQ(all[0].kind, StaleKind::frame_changed);
    EXPECT_EQ(all[0].level, TableLevel::pde);
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

TEST_F(StaleTest, APageThatBecomesGlobalWasNotGlobalWhenItWasUsed) {
    use(far);
    cpu.write_cr3(0x1000, nullptr, false, begun);
    write_entry(pte(far >> 12), 0x77107);
    write_entry(pde(far >> 12), 0);
    fault(far, AccessKind::read);
    EXPECT_EQ(uses(), 0u);
}

TEST_F(StaleTest, APageFaultDropsTheLargePageButNotItsPieces) {
    machine.poke(pde(0xC00), 0x00C00081);
    use(0xC02 << 12);
    fault(0xC00 << 12, AccessKind::write);
    machine.poke(PhysAddr{0x9000}, 0), machine.poke(PhysAddr{0x9008}, 0);
    write_entry(pde(0xC00), 0x9003);
    fault(0xC05 << 12, AccessKind::read);
    EXPECT_EQ(uses(), 0u);
    cpu.invalidate_page(VirtAddr{0xC00 << 12}, begun);
    fault(0xC02 << 12, AccessKind::read);
    EXPECT_EQ(uses(), 0u) << "INVLPG dropped the piece";
}

TEST_F(StaleTest, TheChangeThatDoesTheHarmIsToBlame) {
    machine.poke(pte(far >> 12), 0x42003 | accessed);
    use(far);
    write_entry(pte(far >> 12), 0x42007 | accessed, 0x1210);  // permission added
    write_entry(pde(far >> 12), 0, 0x1220);
    fault(far, AccessKind::read);
    const auto all = reports();
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].change.ip, 0x1220u);
    EXPECT_EQ(all[0].level, TableLevel::pde);
}

TEST_F(StaleTest, ADirectoryEntryThatCameBackClearedNoDirtyBit) {
    machine.poke(pte(far >> 12), 0x42007 | accessed | dirty);
    use(far, AccessKind::write);
    const uint32_t table = static_cast<uint32_t>(machine.load(pde(far >> 12), 4));
    write_entry(pde(far >> 12), 0x8000C3), write_entry(pde(far >> 12), 0x103034), write_entry(pde(far >> 12), table);
    use(far, AccessKind::write);
    EXPECT_EQ(uses(), 0u);
}

TEST_F(StaleTest, ALargePageInPlaceOfItsTableClearsNoDirtyBit) {
    machine.poke(pte(0x800), 0x00800063), machine.poke(pde(0x800), static_cast<uint32_t>(pte(0x800).raw & 0xFFFFF000) | 3);
    use(0x800 << 12, AccessKind::write);
    write_entry(pde(0x800), 0x00800083);
    machine.done += 2;
    cpu.data_access(VirtAddr{0x800 << 12}, PhysAddr{0x800000}, AccessKind::write, begun);
    EXPECT_EQ(uses(), 0u) << "the same frame, as Linux' boot does it before it flushes";
}

TEST_F(StaleTest, AGlobalTranslationThatOnlyTheStaleOneHid) {
    use(far);
    write_entry(pte(far >> 12), 0x77107);
    use(far);  // the models serve the old one; a processor without it walks
    EXPECT_EQ(uses(), 1u);
    cpu.write_cr3(0x1000, nullptr, false, begun);
    write_entry(pte(far >> 12), 0x77007);
    cpu.write_cr3(0x1000, nullptr, false, begun);
    use(far);
    const auto all = reports();
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[1].kind, StaleKind::global_cleared);
}

struct SpeculativeTest : StaleTest {
    SpeculativeTest() : StaleTest{StaleMode::speculative} {}
};

TEST_F(SpeculativeTest, ATableThatNobodyWalkedIsFollowed) {
    write_entry(pte(far >> 12), 0x77007);
    use(far);
    EXPECT_EQ(uses(), 1u);
}

TEST_F(SpeculativeTest, SoAreThoseOfTablesThatCr3Brings) {
    machine.map(Vpn{window}, Pfn{0x2}, {true, false, true, true}, PhysAddr{0x21000});
    machine.map(Vpn{0x402}, Pfn{0x42}, {true, true, true, false}, PhysAddr{0x21000});
    cpu.write_cr3(0x21000, nullptr, false, begun);
    const PhysAddr entry{(machine.load(PhysAddr{0x21004}, 4) & 0xFFFFF000) + 8};
    write_entry(entry, 0x77007);
    machine.done += 2;
    cpu.data_access(VirtAddr{far}, PhysAddr{0x77000}, AccessKind::read, begun);
    EXPECT_EQ(uses(), 1u);
}

TEST_F(StaleTest, AnAccessThatOnlyTheStaleTranslationAllowsUsesNoOther) {
    use(far, AccessKind::write);
    write_entry(pte(far >> 12), 0x77005);  // Bochs' own TLB still allows the write
    use(far, AccessKind::write);
    EXPECT_EQ(uses(), 1u);
    write_entry(pte(far >> 12), 0x42007);
    use(far, AccessKind::read);
    EXPECT_EQ(uses(), 1u) << "nobody used frame 0x77";
}

}  // namespace
