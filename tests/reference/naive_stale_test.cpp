// SPDX-License-Identifier: LGPL-2.1-or-later
// The rules of stale translations, one by one, in both formats: what a change of a page's entry makes stale, and what does not.
#include "naive_stale_fixture.hpp"

namespace {

using namespace reference;
using namespace mm::entry_bit;
using M = StaleMachine;

// --- what is a change

TEST_P(NaiveStaleTest, AnotherFrameIsFoundUntilItIsFlushed) {
    use_both();
    m.map(a, 0x21);
    EXPECT_EQ(m.read(a), "frame_changed pte 11");
    EXPECT_EQ(m.read(a), "frame_changed pte 11");
    EXPECT_EQ(m.read(b), "");
    m.invlpg(b);
    EXPECT_EQ(m.read(a), "frame_changed pte 11");
    m.invlpg(a);
    EXPECT_EQ(m.read(a), "");
}

TEST_P(NaiveStaleTest, WhatWasNotUsedIsNotHeld) {
    m.set_table(a, first_table);
    m.map(a, 0x11);
    m.map(a, 0x21);
    EXPECT_EQ(m.read(a), "");
}

TEST_P(NaiveStaleTest, AFaultIsNoUse) {
    m.set_table(a, first_table);
    m.map(a, 0x11, {true, false, true, false});
    EXPECT_EQ(m.read(a), "");  // of a program: not its page
    m.map(a, 0x21);
    EXPECT_EQ(m.read(a), "");
}

TEST_P(NaiveStaleTest, FromNotPresentNothingIsOwed) {
    m.set_table(a, first_table);
    EXPECT_EQ(m.read(a), "");
    m.map(a, 0x11);
    EXPECT_EQ(m.read(a), "");
}

TEST_P(NaiveStaleTest, PresentCleared) {
    use_both();
    m.change(m.pte_at(a), present);
    EXPECT_EQ(m.read(a), "present_cleared pte 11");
    m.page_fault(a);
    EXPECT_EQ(m.read(a), "");
    EXPECT_EQ(m.read(b), "");
}

TEST_P(NaiveStaleTest, PermissionRemovedMattersToAccessesThatNeededIt) {
    use_both();
    m.change(m.pte_at(a), writable);
    m.change(m.pte_at(b), user);
    EXPECT_EQ(m.read(a), "");
    EXPECT_EQ(m.store(a), "permission_removed pte 11");
    EXPECT_EQ(m.read(b, false), "");
    EXPECT_EQ(m.read(b), "permission_removed pte 12");
}

TEST_P(NaiveStaleTest, WithoutWriteProtectionTheKernelWritesAnyPage) {
    use_both();
    m.state.control.cr0 &= ~mm::cr0_wp;
    m.change(m.pte_at(a), writable);
    EXPECT_EQ(m.store(a, false), "");
    EXPECT_EQ(m.store(a), "permission_removed pte 11");
}

TEST_P(NaiveStaleTest, PermissionAddedCostsAFaultAtMost) {
    m.set_table(a, first_table);
    m.map(a, 0x11, M::read_only);
    EXPECT_EQ(m.read(a), "");
    m.map(a, 0x21);
    EXPECT_EQ(m.store(a), "");  // the held one does not allow it
    EXPECT_EQ(m.read(a), "frame_changed pte 11");
}

TEST_P(NaiveStaleTest, AccessedAndAvailableBitsAreNoChange) {
    use_both();
    m.change(m.pte_at(a), accessed | 0xE00);
    m.change(m.pde_at(a), accessed | dirty | global | 0xE00);
    EXPECT_EQ(m.store(a), "");
    EXPECT_EQ(m.read(b), "");
}

TEST_P(NaiveStaleTest, BackToWhatItWasIsNoChange) {
    use_both();
    m.map(a, 0x21);
    m.map(a, 0x11);
    EXPECT_EQ(m.read(a), "");
    m.map(a, 0x21);
    EXPECT_EQ(m.read(a), "frame_changed pte 11");  // and 0x21 is held too
    m.map(a, 0x11);
    EXPECT_EQ(m.read(a), "frame_changed pte 21");
}

TEST_P(NaiveStaleTest, MemoryType) {
    use_both();
    m.change(m.pte_at(a), cache_disable);
    EXPECT_EQ(m.read(a), "memory_type_changed pte 11");
    m.change(m.pte_at(b), page_size);  // PAT
    EXPECT_EQ(m.read(b), "memory_type_changed pte 12");
    m.change(m.pde_at(a), cache_disable);  // of accesses to the table
    m.change(m.pte_at(b), page_size);
    m.invlpg(b);
    EXPECT_EQ(m.read(b), "");
}

// --- D

TEST_P(NaiveStaleTest, DirtyClearedMattersToWritesThatWouldNotSetItAgain) {
    use_both();
    EXPECT_EQ(m.store(a), "");
    m.change(m.pte_at(a), dirty);
    EXPECT_EQ(m.read(a), "");
    EXPECT_EQ(m.store(a), "dirty_cleared pte 11");
    EXPECT_EQ(m.store(a), "dirty_cleared pte 11") << "the processor of this machine has set D in memory: another need not";
    m.write(m.pte_at(a), M::leaf(0x11) | accessed | dirty);
    EXPECT_EQ(m.store(a), "") << "software has set it again";
}

TEST_P(NaiveStaleTest, DirtyClearedOfWhatWasNeverWritten) {
    use_both();
    m.write(m.pte_at(a), M::leaf(0x11));
    EXPECT_EQ(m.store(a), "");
    m.invlpg(b);
    m.write(m.pte_at(b), M::leaf(0x12) | dirty);
    EXPECT_EQ(m.read(b), "");
    m.write(m.pte_at(b), M::leaf(0x12));
    EXPECT_EQ(m.store(b), "dirty_cleared pte 12") << "D was set when it was cached";
}

// --- global pages, MOV CR3

TEST_P(NaiveStaleTest, LoadingCr3LeavesGlobalPages) {
    m.set_table(a, first_table);
    m.map(a, 0x11, M::global), m.map(b, 0x12);
    EXPECT_EQ(m.read(a) + m.read(b), "");
    m.map(a, 0x21, M::global), m.map(b, 0x22);
    m.load_cr3(M::space);
    EXPECT_EQ(m.read(a), "frame_changed pte 11");
    EXPECT_EQ(m.read(b), "");
    m.invlpg(a);
    EXPECT_EQ(m.read(a), "");
}

TEST_P(NaiveStaleTest, GlobalOnlyWhileCr4SaysSo) {
    m.state.control.cr4 &= ~mm::cr4_pge;
    m.set_table(a, first_table);
    m.map(a, 0x11, M::global);
    EXPECT_EQ(m.read(a), "");
    m.map(a, 0x21, M::global);
    m.load_cr3(M::space);
    EXPECT_EQ(m.read(a), "");
}

TEST_P(NaiveStaleTest, GlobalCleared) {
    m.set_table(a, first_table);
    m.map(a, 0x11, M::global);
    EXPECT_EQ(m.read(a), "");
    m.change(m.pte_at(a), global);
    EXPECT_EQ(m.read(a), "") << "it is the same page";
    m.load_cr3(M::space);
    EXPECT_EQ(m.read(a), "global_cleared pte 11") << "it should be gone";
    m.change(m.pte_at(a), global);
    EXPECT_EQ(m.read(a), "") << "put back";
    m.change(m.pte_at(a), global);
    EXPECT_EQ(m.read(a), "") << "no MOV CR3 since";
    m.load_cr3(M::space);
    EXPECT_EQ(m.read(a), "global_cleared pte 11");
    m.naive.flush_all();
    EXPECT_EQ(m.read(a), "");
    m.change(m.pte_at(a), global);
    EXPECT_EQ(m.read(a), "") << "to set it needs nothing";
}

TEST_P(NaiveStaleTest, InvpcidOfOneAddressLeavesGlobalPagesAndOtherDirectories) {
    m.set_table(a, first_table), m.set_table(elsewhere, second_table);
    m.map(a, 0x11), m.map(b, 0x12, M::global), m.map(elsewhere, 0x13);
    EXPECT_EQ(m.read(a) + m.read(b) + m.read(elsewhere), "");
    m.map(a, 0x21), m.map(b, 0x22, M::global);
    m.write(m.pde_at(elsewhere), 0);
    m.invpcid(a), m.invpcid(b);
    EXPECT_EQ(m.read(a), "");
    EXPECT_EQ(m.read(b), "frame_changed pte 12");
    EXPECT_EQ(m.read(elsewhere + 0x1000), "") << "the directory entry is held, but its table has nothing there";
    EXPECT_EQ(m.read(elsewhere), "present_cleared pde 13, present_cleared pde 13");
    m.invpcid(elsewhere);
    EXPECT_EQ(m.read(elsewhere), "");
}

TEST_P(NaiveStaleTest, AnotherAddressSpaceSaysSomethingElseOfAGlobalPage) {
    m.set_table(a, first_table);
    m.map(a, 0x11, M::global), m.map(b, 0x12, M::global);
    EXPECT_EQ(m.read(a) + m.read(b), "");
    m.state.control.cr3 = M::other_space;  // its tables, made before it is loaded
    m.set_table(a, second_table);
    m.map(a, 0x21), m.map(b, 0x12, M::global);
    m.load_cr3(M::other_space);
    EXPECT_EQ(m.read(a), "frame_changed pte 11 (other space)");
    EXPECT_EQ(m.read(b), "");
    m.load_cr3(M::space);
    EXPECT_EQ(m.read(a), "");
}

INSTANTIATE_TEST_SUITE_P(Formats, NaiveStaleTest, testing::Bool(), [](const auto& i) { return i.param ? "Pae" : "Classic"; });

}  // namespace
