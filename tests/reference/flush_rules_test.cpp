// SPDX-License-Identifier: LGPL-2.1-or-later
// The reference model's flushes, and whom its walks charge, against cases that were worked out by hand.
#include "rules.hpp"

namespace reference::rules {
namespace {

constexpr mm::TlbLevel four{{4, 4}, {}, false}, eight{{8, 8}, {}, false};
constexpr mm::Permissions global{true, true, true, true};

TEST(ReferenceFlush, ACr3WriteKeepsGlobalPages) {
    OneCpu cpu{{.global_pages = true, .data = four, .second_data = eight, .pde_cache = {2, 2}}};
    cpu.memory.map_small(page(1), 0x11, global);
    (void)cpu.access(page(1)), (void)cpu.access(page(2));
    const Dropped d = cpu.model.flush_non_global(Cause::context_switch, cpu.memory.control);
    EXPECT_EQ(d.instruction, 0u);
    EXPECT_EQ(d.data, 1u);
    EXPECT_EQ(d.second, 1u);
    EXPECT_EQ(d.pde, 1u);
    EXPECT_EQ(cpu.access(page(1)).by, ServedBy::first_level);
    EXPECT_EQ(cpu.access(page(2)).cause, Cause::context_switch);
}

TEST(ReferenceFlush, WithoutPgeNothingIsGlobal) {
    OneCpu cpu{{.global_pages = true, .data = four}};
    cpu.memory.map_small(page(1), 0x11, global);
    (void)cpu.access(page(1));
    mm::Control without = cpu.memory.control;
    without.cr4 &= ~mm::cr4_pge;
    EXPECT_EQ(cpu.model.flush_non_global(Cause::task_switch, without).data, 1u);
}

TEST(ReferenceFlush, ACpuWithoutGlobalPagesDropsThem) {
    OneCpu cpu{{.global_pages = false, .data = four}};
    cpu.memory.map_small(page(1), 0x11, global);
    (void)cpu.access(page(1));
    EXPECT_EQ(cpu.model.flush_non_global(Cause::context_switch, cpu.memory.control).data, 1u);
}

TEST(ReferenceFlush, AllIsEverythingOfBothSidesAndLevels) {
    OneCpu cpu{{.global_pages = true, .instruction = four, .data = four, .second_instruction = eight, .second_data = eight, .pde_cache = {2, 2}}};
    cpu.memory.map_small(page(1), 0x11, global);
    (void)cpu.access(page(1)), (void)cpu.access(page(1), execute), (void)cpu.access(page(2));
    const Dropped d = cpu.model.flush_all(Cause::smm);
    EXPECT_EQ(d.instruction, 1u);
    EXPECT_EQ(d.data, 2u);
    EXPECT_EQ(d.second, 3u);
    EXPECT_EQ(d.pde, 1u);
    EXPECT_EQ(cpu.access(page(1)).cause, Cause::smm);
}

TEST(ReferenceFlush, InvlpgDropsGlobalPagesOfBothSides) {
    OneCpu cpu{{.global_pages = true, .instruction = four, .data = {{4, 4}, {2, 2}, false}, .pde_cache = {2, 2}}};
    cpu.memory.map_small(page(1), 0x11, global);
    cpu.memory.map_large(VirtAddr{0x400000}, 0x400, global);
    (void)cpu.access(page(1)), (void)cpu.access(page(1), execute), (void)cpu.access(page(2)), (void)cpu.access(VirtAddr{0x400000});
    const Dropped d = cpu.model.flush_page(Cause::invlpg, page(1) + 0x123);
    EXPECT_EQ(d.instruction, 1u);
    EXPECT_EQ(d.data, 1u);
    EXPECT_EQ(d.pde, 1u);
    EXPECT_EQ(cpu.model.flush_page(Cause::kmap_wrap, VirtAddr{0x7FF000}).data, 1u);
    EXPECT_EQ(cpu.access(VirtAddr{0x500000}).cause, Cause::kmap_wrap);
}

TEST(ReferenceFlush, ThePageOfAFaultIsDropped) {
    OneCpu cpu{{.data = {{4, 4}, {2, 2}, false}, .pde_cache = {4, 4}}};
    cpu.memory.set_table(VirtAddr{0x400000}, 3);
    cpu.memory.map_small(VirtAddr{0x400000}, 0x400, OneCpu::all);
    (void)cpu.access(page(1)), (void)cpu.access(page(2)), (void)cpu.access(VirtAddr{0x400000});
    const Dropped d = cpu.model.flush_fault(Cause::page_fault, page(1), cpu.memory.control);
    EXPECT_EQ(d.data, 1u);
    EXPECT_EQ(d.pde, 1u) << "that of its own 4 MiB only";
    EXPECT_EQ(cpu.access(page(1)).cause, Cause::page_fault);
}

TEST(ReferenceFlush, APageThatIsGoneKeepsItsCause) {
    OneCpu cpu{{.data = four}};
    (void)cpu.access(page(1));
    cpu.model.flush_page(Cause::vmalloc_purge, page(1));
    cpu.model.flush_all(Cause::control);
    EXPECT_EQ(cpu.access(page(1)).cause, Cause::vmalloc_purge);
    for (uint32_t n : {2u, 3u, 4u, 5u}) (void)cpu.access(page(n));
    EXPECT_EQ(cpu.access(page(1)).cause, Cause::evicted) << "the fill has forgotten the flush";
}

TEST(ReferenceFlush, AnotherFrameIsAnotherTranslation) {
    OneCpu cpu{{.data = four}};
    (void)cpu.access(page(1));
    cpu.model.flush_page(Cause::invlpg, page(1));
    cpu.memory.map_small(page(1), 0x4321, OneCpu::all);
    EXPECT_EQ(cpu.access(page(1)).cause, Cause::first_touch);
    cpu.model.flush_page(Cause::invlpg, page(1));
    cpu.memory.map_small(page(1), OneCpu::frame_of(page(1)), OneCpu::all);
    EXPECT_EQ(cpu.access(page(1)).cause, Cause::invlpg);
}

TEST(ReferenceFlush, AFragmentAndASmallPageOfTheSameFrameAreOneTranslation) {
    OneCpu cpu{{.data = four}};
    cpu.memory.map_large(VirtAddr{0x400000}, 0x400, OneCpu::all);
    (void)cpu.access(VirtAddr{0x401000});
    cpu.model.flush_page(Cause::invlpg, VirtAddr{0x401000});
    cpu.memory.set_table(VirtAddr{0x400000}, 3);
    cpu.memory.map_small(VirtAddr{0x401000}, 0x401, OneCpu::all);
    EXPECT_EQ(cpu.access(VirtAddr{0x401000}).cause, Cause::invlpg);
}

TEST(ReferenceFlush, PaeLargePagesAreTwoMegabytes) {
    PagedMemory memory{true};
    Reference model{{.data = {{4, 4}, {2, 2}, false}, .pde_cache = {2, 2}}};
    memory.map_large(VirtAddr{0x200000}, 0x200, OneCpu::all);
    memory.set_table(VirtAddr{0x400000}, 9);
    memory.map_small(VirtAddr{0x400000}, 0x55, {false, true, false, false});
    const auto access = [&](uint32_t a, mm::AccessKind kind) { return model.access(VirtAddr{a}, {kind, true}, memory.control, memory.tables()); };
    EXPECT_EQ(access(0x3FF000, read).reads, 1u);
    EXPECT_EQ(access(0x200000, read).by, ServedBy::first_level);
    EXPECT_EQ(access(0x400000, read).reads, 2u);
    EXPECT_EQ(model.flush_page(Cause::invlpg, VirtAddr{0x400000}).data, 1u);
    EXPECT_TRUE(access(0x400000, write).fault);
    model.flush_all(Cause::control);
    const PageTables nowhere{[](VirtAddr) { return std::optional<uint64_t>{}; }, nullptr};
    const Outcome o = model.access(VirtAddr{0x200000}, {read, true}, memory.control, nowhere);
    EXPECT_TRUE(o.fault && o.reads == 0) << "no PDPTE, no read";
}

}  // namespace
}  // namespace reference::rules
