// SPDX-License-Identifier: LGPL-2.1-or-later
// Long mode: walks of four levels are recorded as Bochs made them, and the models sleep.
#include "cpu_state_fixture.hpp"

namespace plugin {
namespace {

constexpr uint64_t upper = 0xFFFF800012345000;

class CpuLong : public CpuStateTest {
protected:
    void SetUp() override {
        CpuStateTest::SetUp();
        // PML4 at 5 GiB, then 0x2000, 0x3000, 0x4000.
        machine.poke(at[0], 0x2063), machine.poke(at[1], 0x3023), machine.poke(at[2], 0x4023), machine.poke(at[3], 0x8000000077777063);
        cpu.next_instruction({0x1000, 0x1000, 0, false});
        cpu.change_efer(efer_lme | efer_nxe);
        cpu.write_cr4(cr4_pae | cr4_pge, nullptr, begun);
        cpu.write_cr3(root, nullptr, false, begun);
        cpu.write_cr0(cr0_pe | cr0_pg | cr0_wp, nullptr, begun);
    }
    void walk(bool write = true) {
        cpu.begin_translation(upper, {write ? AccessKind::write : AccessKind::read, false});
        for (const PhysAddr each : at) cpu.physical_access(each, false);
        if (write) cpu.physical_access(at[0], true), cpu.physical_access(at[3], true);
    }

    static constexpr uint64_t root = 0x1'4000'0000;
    const PhysAddr at[4] = {PhysAddr{root + 8 * 256}, PhysAddr{0x2000}, PhysAddr{0x3000 + 8 * 0x91}, PhysAddr{0x4000 + 8 * 0x145}};
};

TEST_F(CpuLong, WalksAreRecordedWithAllTheirEntries) {
    ASSERT_TRUE(cpu.long_mode());
    walk();
    cpu.end_translation(Pfn{0x77777}, 12);
    walk(false);
    cpu.end_translation(Pfn{0x77777}, 12);
    const auto walks = finish<trace::LongWalkRecord>();
    ASSERT_EQ(walks.size(), 2u);
    EXPECT_EQ(walks[0].page, long_page_of(upper));
    EXPECT_EQ(walks[0].reads, 4u);
    EXPECT_EQ(walks[0].written, 0b1001u);
    EXPECT_EQ(walks[1].entry[0], 0x2063u) << "left out, and remembered";
    EXPECT_EQ(walks[1].entry[3], 0x8000000077777063u);
    EXPECT_EQ(cpu.observed().fills[1], 1u);
    EXPECT_EQ(cpu.observed().walk_reads, 8u);
    EXPECT_EQ(cpu.observed().walk_writes, 2u);
    EXPECT_EQ(cpu.walk_disagreements().count(), 0u);
    EXPECT_EQ(recorded<trace::ModelWalk>(path).size(), 0u);
    const auto roots = recorded<trace::LongRoot>(path);
    ASSERT_FALSE(roots.empty());
    EXPECT_EQ(roots[0].high, 1u);
}

TEST_F(CpuLong, AFaultHasItsWholeAddress) {
    machine.poke(at[3], 0);
    walk(false);
    Position in_kernel = begun;
    in_kernel.previous_high = 0xFFFFFFFF;
    cpu.exception(14, 0, upper, in_kernel);
    cpu.invalidate_page(upper + 0x123, in_kernel);
    const auto faults = finish<trace::LongPageFault>();
    ASSERT_EQ(faults.size(), 1u);
    EXPECT_EQ(faults[0].linear, upper);
    EXPECT_EQ(faults[0].ip, 0xFFFFFFFF00001000);
    const auto walks = recorded<trace::LongWalkRecord>(path);
    ASSERT_EQ(walks.size(), 1u);
    EXPECT_TRUE(walks[0].fault);
    const auto flushes = recorded<trace::LongInvalidatePage>(path);
    ASSERT_EQ(flushes.size(), 1u);
    EXPECT_EQ(flushes[0].linear, upper + 0x123);
    EXPECT_EQ(cpu.observed().invlpg, 1u);
    EXPECT_EQ(cpu.walk_disagreements().count(), 0u);
}

TEST_F(CpuLong, InvpcidHasItsPcidAndItsWholeAddress) {
    using trace::InvpcidType;
    for (const auto type : {InvpcidType::address, InvpcidType::context, InvpcidType::all}) cpu.invalidate_pcid(type, 0xABC, upper + 5, begun);
    const auto flushes = finish<trace::LongInvalidatePcid>();
    ASSERT_EQ(flushes.size(), 3u);
    EXPECT_EQ(flushes[0].linear, upper + 5);
    EXPECT_EQ(flushes[0].pcid, 0xABC);
    EXPECT_EQ(flushes[1].linear, 0u);
    EXPECT_EQ(flushes[1].pcid, 0xABC);
    EXPECT_EQ(flushes[2].type, InvpcidType::all);
    EXPECT_EQ(flushes[2].pcid, 0u);
    EXPECT_EQ(recorded<trace::InvalidatePcid>(path).size(), 0u);
}

TEST_F(CpuLong, APcidIsNoPartOfTheRoot) {
    cpu.write_cr3(root | 0xFFF, nullptr, false, begun);
    walk(false);
    cpu.end_translation(Pfn{0x77777}, 12);
    EXPECT_EQ(cpu.walk_disagreements().count(), 0u);
}

TEST_F(CpuLong, NothingIsModelled) {
    const auto before = data();
    cpu.data_access(VirtAddr{0x1000}, PhysAddr{0x1000}, AccessKind::write, begun);
    walk();
    cpu.end_translation(Pfn{0x77777}, 12);
    EXPECT_EQ(data().lookups, before.lookups);
    EXPECT_EQ(fast.counting, Counting::off);
    EXPECT_EQ(finish<trace::ModelWalk>().size(), 0u);
}

// Out of long mode and into it: instructions are counted where they ran, and 32-bit walks are modelled again.
TEST_F(CpuLong, InstructionsAreThoseOfTheirMode) {
    const uint64_t first = cpu.long_mode_instructions();
    machine.done += 100;
    EXPECT_EQ(cpu.long_mode_instructions(), first + 100);
    cpu.write_cr0(cr0_pe, nullptr, begun);
    cpu.change_efer(efer_nxe);
    machine.done += 1000;
    cpu.write_cr4(cr4_pge, nullptr, begun);
    cpu.write_cr3(0x1000, nullptr, false, begun);
    EXPECT_EQ(cpu.state().cr3_high, 0u);
    cpu.write_cr0(cr0_pe | cr0_pg | cr0_wp, nullptr, begun);
    access(0x2000);
    machine.done += 1000;
    EXPECT_EQ(cpu.long_mode_instructions(), first + 100);
    EXPECT_EQ(cpu.long_levels_seen(), 4u);
    const auto walks = finish<trace::ModelWalk>();
    ASSERT_EQ(walks.size(), 2u);
    EXPECT_EQ(walks[0].walk.page, Vpn{1}) << "of the instruction";
    EXPECT_EQ(walks[1].walk.page, Vpn{2});
}

// As when a recording starts at a mark.
TEST_F(CpuLong, ARecordingMayBeginThere) {
    StaleWatch other_watch{StaleMode::used};
    const std::string other_path = directory / "cpu0-begun";
    TraceFile other_file;
    ASSERT_TRUE(other_file.open(other_path));
    FastPath other_fast;
    CpuState late{machine, other_fast, other_file, 0, {find_geometry("p6")}, other_watch, false, [] {}};
    late.begin(cpu.state(), machine.instructions());
    EXPECT_EQ(late.long_levels_seen(), 4u);
    late.begin_translation(upper, {AccessKind::read, false});
    for (const PhysAddr each : at) late.physical_access(each, false);
    late.end_translation(Pfn{0x77777}, 12);
    late.finish();
    EXPECT_EQ(late.walk_disagreements().count(), 0u);
    const auto roots = recorded<trace::LongRoot>(other_path);
    ASSERT_EQ(roots.size(), 1u);
    EXPECT_EQ(roots[0].high, 1u);
    EXPECT_EQ(recorded<trace::LongWalkRecord>(other_path).size(), 1u);
}

TEST_F(CpuLong, OtherEntriesThanOursAreADisagreement) {
    walk(false);
    cpu.end_translation(Pfn{0x77778}, 12);
    EXPECT_EQ(cpu.walk_disagreements().count(), 1u);
}

}  // namespace
}  // namespace plugin
