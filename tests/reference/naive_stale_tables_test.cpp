// SPDX-License-Identifier: LGPL-2.1-or-later
// The rules of stale translations: directory entries, tables, large pages and PDPTEs.
#include "naive_stale_fixture.hpp"

namespace {

using namespace reference;
using namespace mm::entry_bit;
using M = StaleMachine;

using NaiveStaleTablesTest = NaiveStaleTest;

// --- directory entries

TEST_P(NaiveStaleTablesTest, AnotherTable) {
    use_both();
    m.memory[m.pte_in(M::table(second_table), a).raw] = M::leaf(0x31);
    m.memory[m.pte_in(M::table(second_table), b).raw] = M::leaf(0x12);
    m.set_table(a, second_table);
    EXPECT_EQ(m.read(a), "frame_changed pde 11, frame_changed pde 11") << "the translation, and the way through the old table";
    EXPECT_EQ(m.read(b), "");
    m.invlpg(elsewhere);
    EXPECT_EQ(m.read(a), "frame_changed pde 11") << "INVLPG of any address drops the directory entries only";
    m.invlpg(a);
    EXPECT_EQ(m.read(a), "");
}

TEST_P(NaiveStaleTablesTest, AStaleDirectoryEntryLeadsToTheOldTableAsItIsNow) {
    use_both();
    const uint32_t unused = a + 0x1000;
    m.memory[m.pte_in(M::table(second_table), unused).raw] = M::leaf(0x33);
    const mm::PhysAddr old_at = m.pte_at(unused);
    m.set_table(a, second_table);
    EXPECT_EQ(m.read(unused), "") << "nothing was there";
    m.write(old_at, M::leaf(0x666));
    EXPECT_EQ(m.read(unused), "frame_changed pde 666");
    m.page_fault(elsewhere);
    EXPECT_EQ(m.read(unused), "frame_changed pde 666");
    m.page_fault(b);
    EXPECT_EQ(m.read(unused), "") << "a page fault drops the directory entry of its slot";
    EXPECT_EQ(m.read(b), "");
}

TEST_P(NaiveStaleTablesTest, TheTableIsTakenAway) {
    use_both();
    m.write(m.pde_at(a), 0);
    EXPECT_EQ(m.read(a), "present_cleared pde 11, present_cleared pde 11");
    m.load_cr3(M::space);
    EXPECT_EQ(m.read(a), "");
}

TEST_P(NaiveStaleTablesTest, PermissionOfTheDirectoryEntry) {
    use_both();
    m.change(m.pde_at(a), writable);
    EXPECT_EQ(m.read(a), "");
    EXPECT_EQ(m.store(b), "permission_removed pde 12, permission_removed pde 12");
}

TEST_P(NaiveStaleTablesTest, TheFirstChangeIsTheOneToBlame) {
    use_both();
    m.write(m.pte_at(a), 0);
    const mm::PhysAddr b_at = m.pte_at(b);
    m.write(m.pde_at(a), 0);
    m.write(b_at, 0);
    EXPECT_EQ(m.read(a), "present_cleared pte 11");
    EXPECT_EQ(m.read(b), "present_cleared pde 12");
}

// --- large pages

TEST_P(NaiveStaleTablesTest, ALargePageServesAllItsAddresses) {
    use_large();
    m.map_large(a, 0xC00);
    EXPECT_EQ(m.read(b), "frame_changed pde " + inside(b));
    m.invlpg(elsewhere);
    EXPECT_EQ(m.read(b), "frame_changed pde " + inside(b)) << "not an address of it";
    m.invlpg(a + 0x1000);
    EXPECT_EQ(m.read(a) + m.read(b), "") << "one INVLPG drops all its pieces";
}

TEST_P(NaiveStaleTablesTest, PiecesOfALargePageThatIsNoneAnyMore) {
    use_large();
    EXPECT_EQ(m.read(b), "");
    const uint32_t unused = a + 0x1000;
    for (const uint32_t page : {a, b, unused}) m.memory[m.pte_in(M::table(first_table), page).raw] = M::leaf(0x30);
    m.set_table(a, first_table);
    EXPECT_EQ(m.read(unused), "page_size_changed pde " + inside(unused)) << "from the whole";
    m.page_fault(a);
    EXPECT_EQ(m.read(a), "");
    EXPECT_EQ(m.read(unused), "") << "the whole went, and no piece of it was used";
    EXPECT_EQ(m.read(b), "page_size_changed pde " + inside(b));
    m.invlpg(a);
    EXPECT_EQ(m.read(b), "") << "one INVLPG drops all its pieces, though it is a large page no more";
}

TEST_P(NaiveStaleTablesTest, AnotherPageSizeOfTheSameFrames) {
    use_large();
    m.memory[m.pte_in(M::table(first_table), a).raw] = M::leaf(0x800 + ((a % m.large_bytes()) >> 12));
    m.set_table(a, first_table);
    EXPECT_EQ(m.read(a), "");
}

TEST_P(NaiveStaleTablesTest, ATableBecomesALargePage) {
    use_both();
    m.map_large(a, 0x800);
    EXPECT_EQ(m.read(a), "page_size_changed pde 11, page_size_changed pde 11");
}

TEST_P(NaiveStaleTablesTest, AFaultDropsTheLargePageOfItsAddress) {
    use_large();
    m.map_large(a, 0xC00);
    m.page_fault(b);
    EXPECT_EQ(m.read(b), "");
    EXPECT_EQ(m.read(a), "frame_changed pde " + inside(a)) << "a piece that was used";
}

INSTANTIATE_TEST_SUITE_P(Formats, NaiveStaleTablesTest, testing::Bool(), [](const auto& i) { return i.param ? "Pae" : "Classic"; });

// --- PAE only

TEST(NaiveStalePae, ExecuteDisable) {
    M m{true};
    m.set_table(a, first_table);
    m.map(a, 0x11);
    EXPECT_EQ(m.fetch(a), "");
    m.change(m.pte_at(a), no_execute);
    EXPECT_EQ(m.read(a), "");
    EXPECT_EQ(m.fetch(a), "permission_removed pte 11");
}

TEST(NaiveStalePae, AnEntryWrittenInTwoHalves) {
    M m{true};
    m.set_table(a, first_table);
    m.write(m.pte_at(a), M::leaf(0x100011));
    EXPECT_EQ(m.read(a), "");
    m.write(m.pte_at(a), M::leaf(0x100021));
    m.write(m.pte_at(a), M::leaf(0x200021));
    EXPECT_EQ(m.read(a), "frame_changed pte 100011");
    m.write(m.pte_at(a), M::leaf(0x100021));
    m.write(m.pte_at(a), M::leaf(0x100011));
    m.invlpg(a);
    EXPECT_EQ(m.read(a), "");
}

TEST(NaiveStalePae, APdpteThatIsNotLoaded) {
    M m{true};
    m.set_table(elsewhere, first_table);
    m.map(elsewhere, 0x11);
    EXPECT_EQ(m.read(elsewhere), "");
    const mm::PhysAddr at = m.pdpte_at(elsewhere);
    const uint64_t was = m.load(at);
    m.write(at, 0x90000 | present);  // a directory without entries
    EXPECT_EQ(m.read(elsewhere), "pdpte_not_loaded pdpte 11");
    EXPECT_EQ(m.read(a), "") << "another GiB";
    m.invlpg(elsewhere);
    EXPECT_EQ(m.read(elsewhere), "pdpte_not_loaded pdpte 11") << "only a load of the registers helps";
    m.write(at, was | 0xE00);
    EXPECT_EQ(m.read(elsewhere), "") << "the same directory";
    m.write(at, 0);
    m.load_cr3(M::space);
    EXPECT_EQ(m.read(elsewhere), "");
    m.write(at, was);
    EXPECT_EQ(m.read(elsewhere), "pdpte_not_loaded pdpte 0") << "a fault that no invalidation ends";
    m.load_cr3(M::space);
    EXPECT_EQ(m.read(elsewhere), "");
}

TEST(NaiveStalePae, Bits62To52AreReserved) {
    M m{true};
    m.set_table(a, first_table);
    m.map(a, 0x11);
    EXPECT_EQ(m.read(a), "");
    m.change(m.pte_at(a), uint64_t{1} << 55);
    EXPECT_EQ(m.read(a), "present_cleared pte 11");
}

}  // namespace
