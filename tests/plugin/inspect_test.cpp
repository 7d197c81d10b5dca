// SPDX-License-Identifier: LGPL-2.1-or-later
// What a CPU can be asked: the contents of its modelled TLBs, its walk step by step, and where things are.
#include "bochs-plugin/inspect.h"

#include "cpu_state_fixture.hpp"

namespace plugin {
namespace {

const TlbContents* find(const MmuContents& m, const std::string& name) {
    for (const TlbContents& t : m.tlbs)
        if (t.name == name) return &t;
    return nullptr;
}

class Inspect : public CpuStateTest {
protected:
    void SetUp() override {
        CpuStateTest::SetUp();
        turn_paging_on();
    }
};

TEST_F(Inspect, TlbsShowWhatWasAccessed) {
    access(0x2010), access(0x3010), access(0x2020);
    const MmuContents m = inspect_mmu(cpu, 0);
    EXPECT_EQ(m.profile, "p6");
    const TlbContents* const d = find(m, "DTLB 4K");
    ASSERT_TRUE(d && find(m, "ITLB 4K") && find(m, "DTLB 4M") && find(m, "ITLB 4M"));
    EXPECT_EQ(d->geometry.entries, 64u);
    EXPECT_TRUE(find(m, "DTLB 4M")->entries.empty());
    ASSERT_EQ(d->entries.size(), 2u);
    const CachedTranslation& two = d->entries[0].linear == VirtAddr{0x2000} ? d->entries[0] : d->entries[1];
    const CachedTranslation& three = &two == &d->entries[0] ? d->entries[1] : d->entries[0];
    EXPECT_EQ(two.linear, VirtAddr{0x2000});
    EXPECT_EQ(two.frame, Pfn{0x12});
    EXPECT_EQ(two.set, 2 % d->geometry.sets());
    EXPECT_TRUE(two.permissions.write && two.permissions.user);
    EXPECT_EQ(three.linear, VirtAddr{0x3000});
    EXPECT_FALSE(three.permissions.user);
    EXPECT_GT(two.used, three.used) << "the fast path's use counts";
    EXPECT_EQ(machine.loads, [&] { inspect_mmu(cpu, 0); return machine.loads; }()) << "memory is not asked";
}

TEST_F(Inspect, TlbsShowWhatAFlushLeaves) {
    access(0x2010), access(0x3010);
    cpu.invalidate_page(VirtAddr{0x2000}, begun);
    const MmuContents m = inspect_mmu(cpu, 0);
    ASSERT_EQ(find(m, "DTLB 4K")->entries.size(), 1u);
    EXPECT_EQ(find(m, "DTLB 4K")->entries[0].linear, VirtAddr{0x3000});
}

TEST_F(Inspect, LargePagesHaveTheirOwnTlb) {
    cpu.write_cr4(cr4_pse, nullptr, begun);
    machine.poke(PhysAddr{0x1000 + 4 * 0x300}, Entry<Classic>::large_leaf(Pfn{0x400}, {true, false, true, false}).raw);
    access(0xC0012000, AccessKind::read, begun, Pfn{0x412});
    const MmuContents m = inspect_mmu(cpu, 0);
    ASSERT_EQ(find(m, "DTLB 4M")->entries.size(), 1u);
    const CachedTranslation& e = find(m, "DTLB 4M")->entries[0];
    EXPECT_EQ(e.linear, VirtAddr{0xC0000000});
    EXPECT_EQ(e.shift, 22u);
    EXPECT_EQ(e.frame, Pfn{0x400});
}

TEST_F(Inspect, DirectoryEntriesThatAreCachedAreShown) {
    FastPath other;
    StaleWatch off{StaleMode::off};
    CpuState nehalem{machine, other, file, 0, {find_geometry("nehalem")}, off, false, [] {}};
    nehalem.begin(cpu.state(), 0);
    nehalem.data_access(VirtAddr{0x3010}, PhysAddr{0x13010}, AccessKind::read, begun);
    const MmuContents m = inspect_mmu(nehalem, 0);
    ASSERT_TRUE(find(m, "STLB 4K"));
    EXPECT_EQ(find(m, "STLB 4K")->entries.size(), 1u);
    ASSERT_EQ(m.pde_cache.size(), 1u);
    EXPECT_EQ(m.pde_cache[0].linear, VirtAddr{0});
    EXPECT_EQ(m.pde_cache[0].shift, 22u);
    EXPECT_EQ(m.pde_cache[0].value, machine.load(PhysAddr{0x1000}, 4));
}

TEST_F(Inspect, AWalkHasItsSteps) {
    const WalkInspection w = inspect_walk(machine, cpu.state(), 0x3456);
    EXPECT_EQ(w.mode, PagingMode::classic);
    EXPECT_EQ(w.cr3, 0x1000u);
    ASSERT_EQ(w.steps.size(), 2u);
    EXPECT_STREQ(entry_name(w.steps[0].table), "PDE");
    EXPECT_EQ(w.steps[0].at, PhysAddr{0x1000});
    EXPECT_FALSE(w.steps[0].leaf);
    EXPECT_STREQ(entry_name(w.steps[1].table), "PTE");
    EXPECT_EQ(w.steps[1].index, 3u);
    EXPECT_EQ(w.steps[1].at, PhysAddr{0x2000 + 4 * 3});
    EXPECT_EQ(w.steps[1].value, machine.load(PhysAddr{0x2000 + 4 * 3}, 4));
    EXPECT_TRUE(w.steps[1].leaf);
    EXPECT_EQ(w.translation.frame, Pfn{0x13});
    EXPECT_FALSE(w.translation.permissions.user);
}

TEST_F(Inspect, AWalkThatFaultsEndsAtItsLastEntry) {
    machine.kinds[1] = MemoryKind::rom;
    const WalkInspection w = inspect_walk(machine, cpu.state(), 0x40000000);
    ASSERT_EQ(w.steps.size(), 1u);
    EXPECT_FALSE(w.steps[0].leaf || w.steps[0].reserved);
    EXPECT_EQ(w.steps[0].index, 0x100u);
    EXPECT_EQ(w.steps[0].kind, MemoryKind::rom);
    EXPECT_FALSE(w.translation.mapped());
}

TEST_F(Inspect, PdptesAreThoseOfTheRegisters) {
    trace::State s = cpu.state();
    s.control.cr4 = cr4_pae, s.control.cr3 = 0x5020;
    s.pdpte[3] = 0x6001;
    machine.poke(PhysAddr{0x5038}, 0x9001);
    machine.poke(PhysAddr{0x6000 + 8}, Entry<Pae>::large_leaf(Pfn{0x200}, {true, false, true, true}).with(1u << 13).raw);
    const WalkInspection w = inspect_walk(machine, s, 0xC0212345);
    ASSERT_EQ(w.steps.size(), 2u);
    EXPECT_STREQ(entry_name(w.steps[0].table), "PDPTE");
    EXPECT_TRUE(w.steps[0].in_register);
    EXPECT_EQ(w.steps[0].at, PhysAddr{0x5038});
    EXPECT_EQ(w.steps[0].value, 0x6001u);
    EXPECT_EQ(w.steps[0].in_memory, 0x9001u);
    EXPECT_TRUE(w.steps[1].reserved) << "bit 13 of a 2 MiB page";
    EXPECT_EQ(w.translation.status, WalkStatus::reserved_bit);
}

TEST_F(Inspect, WithoutPagingAddressesArePhysical) {
    const WalkInspection w = inspect_walk(machine, trace::State{}, 0x123456789);
    EXPECT_TRUE(w.steps.empty() && w.translation.mapped());
    EXPECT_EQ(w.translation.frame, Pfn{0x23456});
}

TEST_F(Inspect, LongModeHasFourSteps) {
    trace::State s;
    s.control = {cr0_pg | cr0_pe, 0x40001000, cr4_pae, efer_lme | efer_lma, 40};
    s.cr3_high = 1;
    machine.poke(PhysAddr{0x140001000 + 8 * 256}, 0x2003), machine.poke(PhysAddr{0x2000}, 0x3003), machine.poke(PhysAddr{0x3000 + 8 * 0x91}, 0x4003);
    machine.poke(PhysAddr{0x4000 + 8 * 0x145}, 0x77777003);
    const WalkInspection w = inspect_walk(machine, s, 0xFFFF800012345678);
    ASSERT_EQ(w.steps.size(), 4u);
    EXPECT_EQ(w.cr3, 0x140001000u);
    EXPECT_STREQ(entry_name(w.steps[0].table), "PML4E");
    EXPECT_STREQ(entry_name(w.steps[3].table), "PTE");
    EXPECT_EQ(w.steps[3].index, 0x145u);
    EXPECT_EQ(w.translation.frame, Pfn{0x77777});
}

TEST(InspectPlaces, FramesAndAddressesAreFound) {
    RunInfo info;
    EXPECT_STREQ(zone_of(info, Pfn{5}), "other");
    info.zones = {{"DMA", 0, 0, 0x1000, 0xF00}, {"Normal", 0, 0x1000, 0x38000, 0x37000}};
    info.regions = {{"user", 0, 0xFF000000}, {"lowmem", 0x01000000, 0x80000000}, {"fixmap", 0xFFF00000, uint64_t{1} << 32}};
    EXPECT_STREQ(zone_of(info, Pfn{0x9F}), "DMA");
    EXPECT_STREQ(zone_of(info, Pfn{0xA0}), "other") << "display memory";
    EXPECT_STREQ(zone_of(info, Pfn{0x1000}), "Normal");
    EXPECT_STREQ(zone_of(info, Pfn{0x38000}), "other");
    EXPECT_STREQ(region_of(info, 0x02000000, true), "user") << "4:4: the same address, two spaces";
    EXPECT_STREQ(region_of(info, 0x02000000, false), "lowmem");
    EXPECT_STREQ(region_of(info, 0x1000, false), "user") << "the kernel's access to user memory";
    EXPECT_STREQ(region_of(info, 0xFFFFFFFF, false), "fixmap");
    EXPECT_STREQ(region_of(info, 0xFF800000, false), "other");
}

}  // namespace
}  // namespace plugin
