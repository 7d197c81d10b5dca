// SPDX-License-Identifier: LGPL-2.1-or-later
// Which flushes take away which stale translations: INVPCID, CR4.SMEP, and what outlives them.
#include "stale_fixture.hpp"

namespace {

using namespace plugin;
using trace::InvpcidType;

class StaleFlushTest : public StaleTest {
protected:
    static constexpr uint32_t global = 0x100, gone = far + 0x1000;

    // Of everything there is, used: a page of a table of its own, and a global one beside it.
    void use_all() {
        machine.poke(pte(3), 0x13003 | global);
        use(at), use(0x3000), use(far);
    }
    void change_all() { write_entry(pte(page), moved), write_entry(pte(3), 0x77003 | global), write_entry(pde(far >> 12), 0); }
    void invpcid(InvpcidType type, uint32_t linear = 0) {
        machine.done += 2;
        cpu.invalidate_pcid(type, VirtAddr{linear}, begun);
    }
    // The directory entry of `far`, through another page of its table.
    size_t harm_at(uint32_t linear) {
        const size_t before = uses();
        if (linear < far) use(linear);
        else fault(linear, AccessKind::read);
        return uses() - before;
    }
};

TEST_F(StaleFlushTest, InvpcidOfOneAddress) {
    use_all(), change_all();
    invpcid(InvpcidType::address, at + 0x123), invpcid(InvpcidType::address, 0x3000);
    EXPECT_EQ(harm_at(at), 0u);
    EXPECT_EQ(harm_at(0x3000), 1u) << "it is global";
    EXPECT_EQ(harm_at(far), 1u) << "neither the page nor its directory entry was flushed";
}

TEST_F(StaleFlushTest, InvpcidOfOneAddressDropsItsDirectoryEntryOnly) {
    machine.poke(PhysAddr{0x3000 + 4 * 3}, 0x99007);  // mapped by the table, but never used
    use_all(), change_all();
    invpcid(InvpcidType::address, at);
    EXPECT_EQ(harm_at(gone), 1u);
    use_all();
    write_entry(pde(far >> 12), 0x3067), use(far), write_entry(pde(far >> 12), 0);
    invpcid(InvpcidType::address, far);
    EXPECT_EQ(harm_at(gone), 0u);
}

TEST_F(StaleFlushTest, InvpcidOfAContextLeavesWhatIsGlobal) {
    for (const InvpcidType type : {InvpcidType::context, InvpcidType::all}) {
        write_entry(pte(page), original), write_entry(pte(3), 0x13003 | global), write_entry(pde(far >> 12), 0x3067);
        invpcid(InvpcidType::all_and_global);
        use_all(), change_all();
        invpcid(type);
        EXPECT_EQ(harm_at(at), 0u);
        EXPECT_EQ(harm_at(far), 0u);
        EXPECT_EQ(harm_at(0x3000), 1u);
    }
}

TEST_F(StaleFlushTest, InvpcidOfEverything) {
    use_all(), change_all();
    invpcid(InvpcidType::all_and_global);
    EXPECT_EQ(harm_at(at) + harm_at(0x3000) + harm_at(far), 0u);
    const auto flushes = finish<trace::InvalidatePcid>();
    ASSERT_EQ(flushes.size(), 1u);
    EXPECT_EQ(flushes[0].type, InvpcidType::all_and_global);
}

TEST_F(StaleFlushTest, AGlobalPageInUseIsStillHeldAfterInvpcid) {
    use_all();
    invpcid(InvpcidType::address, 0x3000);
    write_entry(pte(3), 0x77003 | global);
    EXPECT_EQ(harm_at(0x3000), 1u);
}

TEST_F(StaleFlushTest, SmepDropsEverythingWhenItIsSet) {
    use_all(), change_all();
    cpu.write_cr4(cr4_pge | cr4_pse | cr4_smep, nullptr, begun);
    EXPECT_EQ(harm_at(at) + harm_at(0x3000) + harm_at(far), 0u);
    write_entry(pte(page), original);
    cpu.write_cr4(cr4_pge | cr4_pse, nullptr, begun);
    EXPECT_EQ(harm_at(at), 1u) << "to clear it drops nothing";
}

// SDM vol. 3, 4.8: no processor has to walk again before it sets D.
TEST_F(StaleFlushTest, AWriteThroughACleanTranslationMayGoToItsFrame) {
    use(at);
    write_entry(pte(page), moved);
    use(at, AccessKind::write);
    write_entry(pte(page), 0x77005);
    const auto all = reports();
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].kind, StaleKind::frame_changed);
    EXPECT_EQ(all[0].old_frame, Pfn{0x12});
}

TEST_F(StaleFlushTest, ACleanTranslationSetsDirty) {
    use(at);
    write_entry(pte(page), original | dirty), write_entry(pte(page), original);
    use(at, AccessKind::write);
    EXPECT_EQ(uses(), 0u);
}

// The read may have walked anew, and found D set, or gone by the translation from before.
TEST_F(StaleFlushTest, AStaleTranslationHidesNoWalkThatFindsDirty) {
    machine.poke(pte(page), original & ~2u);
    use(at);
    write_entry(pte(page), moved | dirty);
    use(at);
    write_entry(pte(page), moved);
    use(at, AccessKind::write);
    const auto all = reports();
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].kind, StaleKind::frame_changed);
    EXPECT_EQ(all[1].kind, StaleKind::dirty_cleared);
}

// Whatever has set D meanwhile, software has said that it shall be set: the entry has the value that is written already.
TEST_F(StaleFlushTest, DirtyThatSoftwareSetsAgainIsNotLost) {
    for (const bool set_again : {true, false}) {
        cpu.invalidate_page(VirtAddr{at}, begun);
        machine.poke(pte(page), original | accessed | dirty);
        use(at, AccessKind::write);
        write_entry(pte(page), original | accessed);
        use(at);
        machine.poke(pte(page), original | accessed | dirty);
        if (set_again) write_entry(pte(page), original | accessed | dirty);
        use(at, AccessKind::write);
        EXPECT_EQ(uses(), set_again ? 0u : 1u);
    }
    EXPECT_EQ(stale.changes, 2u);
}

// Two pages of one entry: what the one has written, the other's next walk finds dirty.
TEST_F(StaleFlushTest, DirtySetThroughAnotherPage) {
    constexpr uint32_t other = 0x2000 + page;
    machine.poke(pde(other), machine.load(pde(page), 4));
    for (const bool used_since : {false, true}) {
        cpu.invalidate_page(VirtAddr{at}, begun), cpu.invalidate_page(VirtAddr{other << 12}, begun);
        machine.poke(pte(page), original | accessed);
        use(at), use(other << 12);
        machine.done += 2;
        cpu.begin_translation(VirtAddr{other << 12}, {AccessKind::write, false});
        cpu.physical_access(pde(other), false), cpu.physical_access(pte(page), false);
        machine.poke(pte(page), original | accessed | dirty);
        cpu.physical_access(pte(page), true);
        cpu.end_translation(Pfn{0x12}, page_shift);
        use(other << 12, AccessKind::write);
        if (used_since) use(at);
        write_entry(pte(page), original | accessed);
        use(at, AccessKind::write);
        EXPECT_EQ(uses(), used_since);
    }
    EXPECT_EQ(reports().at(0).kind, StaleKind::dirty_cleared);
}

TEST_F(StaleFlushTest, AGlobalTranslationThatOutlivesOneMovCr3) {
    use_all();
    write_entry(pte(3), 0x13003);
    cpu.write_cr3(0x1000, nullptr, false, begun);
    write_entry(pte(3), 0x13003 | global), write_entry(pte(3), 0x13003);
    EXPECT_EQ(harm_at(0x3000), 0u) << "it was right again meanwhile";
    invpcid(InvpcidType::context);
    EXPECT_EQ(harm_at(0x3000), 1u);
}

}  // namespace
