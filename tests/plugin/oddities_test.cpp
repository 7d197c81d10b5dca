// SPDX-License-Identifier: LGPL-2.1-or-later
// What no kernel does on purpose is counted, with where it was first.
#include "cpu_state_fixture.hpp"

namespace plugin {
namespace {

TEST(Oddities, AreCountedByKindAndKeepTheFirst) {
    Oddities o;
    o.note(Oddity::reserved_bit, 7, 0x1000, 0x2008);
    o.note(Oddity::reserved_bit, 9, 0x3000, 0x2010);
    o.note(Oddity::double_fault, 8, no_address, no_address);
    std::string all;
    o.visit([&](const char* kind, uint64_t count, const std::string& first) { all += kind + std::to_string(count) + " " + first + "; "; });
    EXPECT_EQ(all, "reserved_bit2 tick 7, linear 0x00001000, physical 0x2008; double_fault1 tick 8; ");
}

TEST(Oddities, OfSeveralCpusKeepTheEarliest) {
    Oddities one, two, none, sum;
    one.note(Oddity::double_fault, 12, no_address, no_address);
    two.note(Oddity::double_fault, 11, no_address, no_address);
    for (const Oddities* each : {&one, &none, &two}) sum.add(*each);
    std::string all;
    sum.visit([&](const char* kind, uint64_t count, const std::string& first) { all += kind + std::to_string(count) + " " + first; });
    EXPECT_EQ(all, "double_fault2 tick 11");
}

// A table that a device answers for, and a directory where nothing is.
class OddTables : public CpuStateTest {
protected:
    void walk(PhysAddr pde_at, PhysAddr pte_at, bool writes) {
        cpu.begin_translation(VirtAddr{0x2000}, {writes ? AccessKind::write : AccessKind::read, false});
        cpu.physical_access(pde_at, false);
        cpu.physical_access(pte_at, false);
        if (writes) cpu.physical_access(pte_at, true);
        cpu.end_translation(Pfn{0x12}, 12);
    }
};

TEST_F(OddTables, AreNotedByWhatAnswersThere) {
    turn_paging_on();
    const PhysAddr pde_at{0x1000}, pte_at{0x2008};
    machine.kinds = {{1, MemoryKind::nothing}, {2, MemoryKind::device}};
    walk(pde_at, pte_at, true);
    machine.kinds[2] = MemoryKind::rom;
    walk(pde_at, pte_at, true);
    EXPECT_EQ(cpu.oddities().count(Oddity::table_beyond_memory), 2u);
    EXPECT_EQ(cpu.oddities().count(Oddity::table_in_device), 1u);
    EXPECT_EQ(cpu.oddities().count(Oddity::table_in_rom), 1u);
    EXPECT_EQ(cpu.oddities().count(Oddity::table_write_lost), 1u) << "a device may keep what is written to it";
    cpu.write_cr3(0x1000, nullptr, false, begun);
    EXPECT_EQ(cpu.oddities().count(Oddity::root_outside_memory), 1u);
    EXPECT_EQ(cpu.walk_disagreements().count(), 0u);
}

}  // namespace
}  // namespace plugin
