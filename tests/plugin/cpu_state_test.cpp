// SPDX-License-Identifier: LGPL-2.1-or-later
// One CPU fed by hand: every access reaches the model once, and each refill is charged to its flush.
#include "cpu_state_fixture.hpp"

namespace plugin {
namespace {

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

// Of whatever size the events before are: the registers that a packet begins with are those after the events of the packets before.
TEST_F(CpuStateTest, APacketBeginsWithTheRegistersAsTheyAre) {
    turn_paging_on();
    for (unsigned n = 0; n < 300000; ++n) {
        access(0x2000 + (n & 1) * 0x1000);
        if (n % 3 == 0) cpu.write_cr4(n % 2 ? cr4_pse : 0, nullptr, begun);
        if (n % 7 == 0) cpu.write_cr0(cr0_pe | cr0_wp | (n % 2 ? 0 : cr0_pg), nullptr, begun);
        if (n % 11 == 0) cpu.write_cr3(0x1000 + (n & 0x10), nullptr, false, begun);
    }
    cpu.finish();
    Control said;
    unsigned packets = 0;
    visit_recorded(path, [&](const auto& event) {
        using Event = std::decay_t<decltype(event)>;
        if constexpr (std::is_same_v<Event, trace::State>) {
            if (packets++ == 0) return void(said = event.control);
            EXPECT_EQ(event.control.cr0, said.cr0);
            EXPECT_EQ(event.control.cr3, said.cr3);
            EXPECT_EQ(event.control.cr4, said.cr4);
        } else if constexpr (std::is_same_v<Event, trace::ControlWrite>) {
            (event.which == EventId::cr0_write ? said.cr0 : event.which == EventId::cr3_write ? said.cr3 : said.cr4) = event.value;
        }
    });
    EXPECT_GT(packets, 50u);
}

// SMAP: the kernel's access to a program's page faults, unless EFLAGS.AC says that it is meant.
TEST_F(CpuStateTest, EflagsAcDecidesUnderSmap) {
    turn_paging_on();
    cpu.write_cr4(cr4_smap, nullptr, begun);
    Position meant = begun;
    meant.ac = true;
    access(0x2000, AccessKind::read, meant);
    cpu.begin_translation(VirtAddr{0x1000}, {AccessKind::read, false});
    cpu.physical_access(PhysAddr{0x1000}, false);
    cpu.physical_access(PhysAddr{0x2004}, false);
    cpu.exception(14, 1, VirtAddr{0x1000}, begun);
    const auto walks = finish<trace::ModelWalk>();
    ASSERT_GE(walks.size(), 2u);
    EXPECT_FALSE(walks[walks.size() - 2].walk.fault);
    EXPECT_TRUE(walks.back().walk.fault);
    EXPECT_EQ(cpu.walk_disagreements().count(), 0u);
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
    EXPECT_EQ(causes, (std::vector<RefillCause>{RefillCause::first_touch, RefillCause::context_switch, RefillCause::split_switch, RefillCause::invlpg}));
    EXPECT_EQ(cpu.observed().cr3_writes, 3u);
}

// Each kind of flush, between the guest's two words; then one of its own again.
TEST_F(CpuStateTest, RefillsAreChargedToWhatTheGuestFlushesFor) {
    turn_paging_on();
    access(0x2000);
    cpu.set_flush_reason(protocol::FlushReason::kmap_wrap);
    cpu.write_cr4(cr4_pge, nullptr, begun);
    access(0x2000);
    cpu.write_cr3(0x1000, nullptr, false, begun);
    access(0x2000);
    cpu.set_flush_reason(protocol::FlushReason::vmalloc_purge);
    cpu.invalidate_page(VirtAddr{0x2000}, begun);
    access(0x2000);
    cpu.set_flush_reason(protocol::FlushReason::none);
    cpu.write_cr4(0, nullptr, begun);
    access(0x2000);
    std::vector<RefillCause> causes;
    for (const auto& w : finish<trace::ModelWalk>())
        if (w.walk.access.kind == AccessKind::read) causes.push_back(w.cause);
    EXPECT_EQ(causes, (std::vector<RefillCause>{RefillCause::first_touch, RefillCause::kmap_wrap, RefillCause::kmap_wrap, RefillCause::vmalloc_purge,
                                                RefillCause::control}));
    std::vector<RefillCause> flushes;
    for (const auto& f : recorded<trace::Flush>(path)) flushes.push_back(f.cause);
    EXPECT_EQ(flushes, std::vector<RefillCause>(causes.begin() + 1, causes.end()));
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

}  // namespace
}  // namespace plugin
