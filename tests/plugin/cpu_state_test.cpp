// SPDX-License-Identifier: LGPL-2.1-or-later
// One CPU fed by hand: every access reaches the model once, and the right events come out.
#include "bochs-plugin/cpu_state.h"

#include <gtest/gtest.h>

#include "fake_machine.hpp"
#include "recorded.hpp"

namespace plugin {
namespace {

using namespace mm;
using trace::EventId;

constexpr Position begun{0x1003, 0x1000, 0, false};  // an instruction of 3 bytes is running
constexpr Position user_begun{0x1003, 0x1000, 0, true};

class CpuStateTest : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(file.open(path));
        machine.map(Vpn{1}, Pfn{0x11}, {true, true, true, false});
        machine.map(Vpn{2}, Pfn{0x12}, {true, true, true, false});
        machine.map(Vpn{3}, Pfn{0x13}, {true, false, true, false});
    }
    void turn_paging_on() {
        cpu.next_instruction({0x1000, 0x1000, 0, false});
        cpu.write_cr3(0x1000, nullptr, false, begun);
        cpu.write_cr0(cr0_pe | cr0_pg | cr0_wp, nullptr, begun);
    }
    // As Bochs' inlined check does it: the fast path first.
    void access(uint32_t linear, AccessKind kind = AccessKind::read, Position at = begun, Pfn frame = Machine::unknown_frame) {
        const uint32_t page = linear >> 12;
        const DataSlot& slot = fast.data[kind == AccessKind::write][page % data_slots];
        if (slot.page == page) *slot.used = ++fast.clock;
        else cpu.data_access(VirtAddr{linear}, frame == Machine::unknown_frame ? PhysAddr{(0x10 + page) << 12} : address(frame), kind, at);
    }
    const LookupCounts& data() { return cpu.models()[0]->mmu.counts(AccessKind::read); }
    template <class Event> std::vector<Event> finish() {
        cpu.finish();
        return recorded<Event>(path);
    }

    TemporaryDirectory directory;
    const std::string path = directory / "cpu0";
    TraceFile file;
    FakeMachine machine;
    FastPath fast;
    CpuState cpu{machine, fast, file, 0, {&p6_geometry}, [] {}};
};

TEST_F(CpuStateTest, NothingIsLookedUpWhilePagingIsOff) {
    cpu.next_instruction({0x1000, 0x1000, 0, false});
    for (int n = 0; n < 10; ++n) access(0x2000);
    cpu.near_branch(0x1004, 0x9000);
    turn_paging_on();
    EXPECT_TRUE(finish<trace::ModelWalk>().empty());
    EXPECT_EQ(data().lookups, 0u);
}

TEST_F(CpuStateTest, EveryAccessCountsOnce) {
    turn_paging_on();
    for (int n = 0; n < 10; ++n) access(0x2000 + 4 * static_cast<uint32_t>(n));
    access(0x2000, AccessKind::write);
    access(0x3000);
    access(0x2abc);
    const auto walks = finish<trace::ModelWalk>();
    EXPECT_EQ(data().lookups, 13u);
    EXPECT_EQ(data().walks, 2u);
    ASSERT_EQ(walks.size(), 3u) << "one fetch of page 1, two data pages";
    EXPECT_EQ(walks[0].walk.access.kind, AccessKind::execute);
    EXPECT_EQ(walks[1].walk.page, Vpn{2});
    EXPECT_EQ(walks[1].walk.pte & 0xFFFFF000, 0x12000u);
    EXPECT_EQ(cpu.model_disagreements().count(), 0u);
}

// 4 ways of 16 sets: a fifth page of the set pushes the oldest out, and the fast path must not serve it any more.
TEST_F(CpuStateTest, TheFastPathForgetsAnEvictedPage) {
    turn_paging_on();
    for (uint32_t n = 0; n < 5; ++n) {
        machine.map(Vpn{0x100 + 16 * n}, Pfn{0x110 + 16 * n}, {true, true, true, false});
        access((0x100 + 16 * n) << 12);
    }
    EXPECT_EQ(data().walks, 5u);
    access(0x100 << 12);
    cpu.finish();
    EXPECT_EQ(data().walks, 6u);
}

TEST_F(CpuStateTest, HitsInTheFastPathKeepAPageYoung) {
    turn_paging_on();
    for (uint32_t n = 0; n < 4; ++n) {
        machine.map(Vpn{0x100 + 16 * n}, Pfn{0x110 + 16 * n}, {true, true, true, false});
        access((0x100 + 16 * n) << 12);
    }
    access(0x100 << 12);
    machine.map(Vpn{0x140}, Pfn{0x150}, {true, true, true, false});
    access(0x140 << 12);
    access(0x100 << 12);
    EXPECT_EQ(data().walks, 5u);
    access(0x110 << 12);
    EXPECT_EQ(data().walks, 6u) << "the oldest was page 0x110";
}

TEST_F(CpuStateTest, RefillsAreChargedToTheSwitch) {
    turn_paging_on();
    access(0x2000);
    cpu.write_cr3(0x1000, nullptr, false, begun);
    access(0x2000);
    cpu.write_cr3(0x1000, nullptr, true, begun);
    access(0x2000);
    cpu.invalidate_page(VirtAddr{0x2123}, begun);
    access(0x2000);
    std::vector<RefillCause> causes;
    for (const auto& w : finish<trace::ModelWalk>())
        if (w.walk.access.kind == AccessKind::read) causes.push_back(w.cause);
    EXPECT_EQ(causes, (std::vector<RefillCause>{RefillCause::other, RefillCause::context_switch, RefillCause::split_switch, RefillCause::invlpg}));
    EXPECT_EQ(cpu.observed().cr3_writes, 3u);
}

TEST_F(CpuStateTest, TheProcessorsOwnAccessesAtCpl3AreSupervisors) {
    turn_paging_on();
    access(0x3000, AccessKind::write);
    cpu.write_cr3(0x1000, nullptr, false, begun);
    access(0x3000, AccessKind::write, user_begun);
    access(0x2000, AccessKind::write, user_begun);
    const auto walks = finish<trace::ModelWalk>();
    std::vector<bool> users;
    for (const auto& w : walks) {
        if (w.walk.access.kind != AccessKind::write) continue;
        users.push_back(w.walk.access.user);
        EXPECT_FALSE(w.walk.fault);
    }
    EXPECT_EQ(users, (std::vector<bool>{false, false, true}));
}

// The guest opens a supervisor's page to programs and flushes nothing, which is allowed: the old entry must not serve the program.
TEST_F(CpuStateTest, AnEntryForTheSupervisorServesNoProgram) {
    turn_paging_on();
    access(0x3000);
    machine.map(Vpn{3}, Pfn{0x13}, {true, true, true, false});
    access(0x3000);
    cpu.begin_translation(VirtAddr{0x3000}, {AccessKind::read, false});  // Bochs' own entry was pushed out meanwhile
    cpu.end_translation(Pfn{0x13}, page_shift);
    access(0x3000);
    EXPECT_EQ(data().walks, 1u);
    access(0x3000, AccessKind::read, user_begun);
    EXPECT_EQ(data().walks, 2u);
    cpu.finish();
    EXPECT_EQ(data().lookups, 4u);
}

// A task switch is told of when the new task's instruction pointer is in place; what the old one fetched before counts.
TEST_F(CpuStateTest, ATaskSwitchKeepsTheFetchesBeforeIt) {
    turn_paging_on();
    cpu.near_branch(0x1001, 0x2000);
    machine.done = 1;
    cpu.begin_task_switch({0x2007, 0x2000, 0, false});
    access(0x3000, AccessKind::write, {0x5000, 0x5000, 0, false});  // the new task's instruction pointer, and its TSS
    cpu.switch_task(0x1000, nullptr);
    cpu.next_instruction({0x1000, 0x1000, 0, false});
    std::vector<Vpn> pages;
    for (const auto& w : finish<trace::ModelWalk>()) pages.push_back(w.walk.page);
    EXPECT_EQ(pages, (std::vector<Vpn>{Vpn{1}, Vpn{2}, Vpn{3}, Vpn{1}}));
    ASSERT_EQ(recorded<trace::TaskSwitch>(path).size(), 1u);
    EXPECT_EQ(recorded<trace::TaskSwitch>(path)[0].ip, 0x2000u);
}

// Four reads of an instruction without a hook, or of a load that faulted, are not the next instruction's.
TEST_F(CpuStateTest, PdptesAreThoseOfTheSameInstruction) {
    turn_paging_on();
    for (int n = 0; n < 4; ++n) cpu.physical_access(PhysAddr{0x40}, false);
    machine.done = 1;
    EXPECT_FALSE(cpu.took_pdptes());
    for (int n = 0; n < 4; ++n) cpu.physical_access(PhysAddr{0x40}, false);
    EXPECT_TRUE(cpu.took_pdptes());
}

TEST_F(CpuStateTest, AFaultingAccessCountsAndIsRecordedTwice) {
    turn_paging_on();
    cpu.begin_translation(VirtAddr{0x5678}, {AccessKind::write, true});
    cpu.physical_access(PhysAddr{0x1000}, false);
    cpu.physical_access(PhysAddr{0x2000 + 4 * 5}, false);
    machine.map(Vpn{6}, Pfn{0x16}, {true, true, true, false});  // the table is there, the entry of page 5 is not
    cpu.exception(14, 6, VirtAddr{0x5678}, user_begun);
    const auto faults = finish<trace::PageFault>();
    ASSERT_EQ(faults.size(), 1u);
    EXPECT_EQ(faults[0].linear, VirtAddr{0x5678});
    EXPECT_EQ(faults[0].ip, 0x1000u);
    EXPECT_EQ(data().lookups, 1u);
    EXPECT_EQ(data().walks, 1u);
    ASSERT_EQ(recorded<trace::ObservedWalk>(path).size(), 1u);
    EXPECT_TRUE(recorded<trace::ObservedWalk>(path)[0].walk.fault);
    EXPECT_TRUE(recorded<trace::ModelWalk>(path).back().walk.fault);
    EXPECT_EQ(cpu.observed().walk_reads, 2u);
    EXPECT_EQ(cpu.walk_disagreements().count(), 0u);
}

// An access on pages 2 and 3 is translated twice before the hook that would tell of it.
TEST_F(CpuStateTest, TheFirstPageOfAFaultingStraddleCounts) {
    turn_paging_on();
    machine.unmap(Vpn{3});
    cpu.begin_translation(VirtAddr{0x2FFE}, {AccessKind::read, true});
    cpu.end_translation(Pfn{0x12}, page_shift);
    cpu.begin_translation(VirtAddr{0x3000}, {AccessKind::read, true});
    cpu.exception(14, 4, VirtAddr{0x3000}, user_begun);
    EXPECT_EQ(data().lookups, 2u);
}

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
    EXPECT_TRUE(cpu.saw_long_mode());
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
