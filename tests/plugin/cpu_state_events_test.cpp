// SPDX-License-Identifier: LGPL-2.1-or-later
// One CPU fed by hand: walks, interrupts, counters and packets come out as events.
#include "cpu_state_fixture.hpp"

namespace plugin {
namespace {

TEST_F(CpuStateTest, ObservesWalksAndTheirWrites) {
    turn_paging_on();
    cpu.begin_translation(VirtAddr{0x2000}, {AccessKind::write, false});
    cpu.physical_access(PhysAddr{0x1000}, false);
    cpu.physical_access(PhysAddr{0x2008}, false);
    cpu.physical_access(PhysAddr{0x2008}, true);
    cpu.end_translation(Pfn{0x12}, page_shift);
    cpu.begin_translation(VirtAddr{0x2000}, {AccessKind::read, false});
    cpu.end_translation(Pfn{0x12}, page_shift);  // served by Bochs' TLB: no walk
    const auto walks = finish<trace::ObservedWalk>();
    ASSERT_EQ(walks.size(), 1u);
    EXPECT_FALSE(walks[0].pde_written);
    EXPECT_TRUE(walks[0].pte_written);
    EXPECT_EQ(cpu.observed().walk_writes, 1u);
    EXPECT_EQ(cpu.walk_disagreements().count(), 0u);
}

TEST_F(CpuStateTest, PaeWalksFromThePdpteRegisters) {
    constexpr uint64_t nx = uint64_t{1} << 63;
    machine.poke(PhysAddr{0x9000 + 8 * 1}, 0x0000A007);                     // directory of 3 GiB and up: its second slot
    machine.poke(PhysAddr{0xA000 + 8 * 2}, nx | 0x900345003);               // a frame above 4 GiB
    machine.poke(PhysAddr{0x9000 + 8 * 2}, 0x00E001E3);                     // a 2 MiB page
    machine.poke(PhysAddr{0xB000}, 0x0000C007);
    machine.poke(PhysAddr{0xC008}, 0x00011007);
    const uint64_t pdpte[4] = {0xB001, 0, 0, 0x9001};
    cpu.next_instruction({0x1000, 0x1000, 0, false});
    cpu.change_efer(efer_nxe);
    cpu.write_cr4(cr4_pae, nullptr, begun);
    for (int n = 0; n < 4; ++n) cpu.physical_access(PhysAddr{0x40}, false);
    EXPECT_TRUE(cpu.took_pdptes());
    EXPECT_FALSE(cpu.took_pdptes());
    cpu.write_cr0(cr0_pe | cr0_pg | cr0_wp, pdpte, begun);
    access(0xC0202123, AccessKind::write, begun, Pfn{0x900345});
    access(0xC0412000, AccessKind::read, begun, Pfn{0xE12});
    const auto walks = finish<trace::ModelWalk>();
    ASSERT_EQ(walks.size(), 3u);
    EXPECT_EQ(walks[1].walk.pte, nx | 0x900345003);
    EXPECT_EQ(walks[2].walk.reads, 1u);
    EXPECT_EQ(cpu.model_disagreements().count(), 0u);
    EXPECT_EQ(cpu.observed().pdpte_loads, 4u);
    EXPECT_EQ(recorded<trace::PdpteLoad>(path).size(), 1u);
}

TEST_F(CpuStateTest, LongModeIsNotFollowed) {
    cpu.next_instruction({0x1000, 0x1000, 0, false});
    cpu.change_efer(efer_lme);
    cpu.write_cr4(cr4_pae, nullptr, begun);
    cpu.write_cr0(cr0_pe | cr0_pg, nullptr, begun);
    access(0x2000);
    EXPECT_TRUE(cpu.long_mode());
    EXPECT_EQ(data().lookups, 0u);
    EXPECT_TRUE(finish<trace::ModelWalk>().empty());
}

TEST_F(CpuStateTest, ADifferentTranslationIsReported) {
    turn_paging_on();
    access(0x2000, AccessKind::read, begun, Pfn{0x99});
    EXPECT_EQ(cpu.model_disagreements().count(), 1u);
    EXPECT_EQ(cpu.model_disagreements().first()[0], "linear 0x00002000: frame 0x12, Bochs 0x99");
}

TEST_F(CpuStateTest, SoftwareInterruptsAreThoseNobodyAnnounced) {
    turn_paging_on();
    cpu.delivery(0x80, user_begun);
    cpu.external_interrupt(32, {0x1003, 0x1003, 0, true});
    cpu.delivery(32, {0x1003, 0x1003, 0, true});
    cpu.next_instruction({0x1000, 0x1000, 0, false});
    cpu.exception(13, 0, VirtAddr{}, begun);
    cpu.delivery(13, begun);
    const auto events = finish<trace::Interrupt>();
    ASSERT_EQ(events.size(), 3u);
    EXPECT_EQ(events[0].kind, trace::InterruptKind::software);
    EXPECT_EQ(events[1].kind, trace::InterruptKind::external);
    EXPECT_EQ(events[1].ip, 0x1003u);
    EXPECT_EQ(events[2].kind, trace::InterruptKind::exception);
}

TEST_F(CpuStateTest, CountersComeAtIntervalsAndLast) {
    turn_paging_on();
    access(0x2000);
    machine.now = 3 * trace::counter_interval_ticks + 5;
    machine.done = 17;
    cpu.write_cr3(0x1000, nullptr, false, begun);
    const auto counters = finish<trace::Counters>();
    ASSERT_EQ(counters.size(), 2u);
    EXPECT_EQ(counters[0].data.lookups, 1u);
    EXPECT_EQ(counters[0].instructions, 17u);
    EXPECT_EQ(counters[1].data.lookups, 1u);
}

TEST_F(CpuStateTest, ResetBeginsANewPacketWithTheNewState) {
    turn_paging_on();
    trace::State fresh;
    fresh.control.cr0 = 0x60000010;
    cpu.change_state(fresh, RefillCause::control);
    cpu.guest_event(trace::Mark{1}, begun);
    const auto states = finish<trace::State>();
    ASSERT_EQ(states.size(), 2u);
    EXPECT_EQ(states[1].control.cr0, 0x60000010u);
}

}  // namespace
}  // namespace plugin
