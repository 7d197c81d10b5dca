// SPDX-License-Identifier: LGPL-2.1-or-later
// The reference model against cases that were worked out by hand, one for each rule of lookups and fills.
#include "rules.hpp"

namespace reference::rules {
namespace {

TEST(ReferenceModel, APageIsWalkedOnceAndThenHits) {
    OneCpu cpu{{.instruction = {{4, 4}, {}, false}, .data = {{4, 4}, {}, false}}};
    const Outcome first = cpu.access(page(5));
    EXPECT_EQ(first.by, By::walk);
    EXPECT_EQ(first.cause, Cause::first_touch);
    EXPECT_EQ(first.reads, 2u);
    EXPECT_EQ(cpu.access(page(5)).by, By::first_level);
    EXPECT_EQ(cpu.access(page(5), execute).by, By::walk) << "the instruction side is another";
    EXPECT_EQ(cpu.model.data_counts().lookups, 2u);
    EXPECT_EQ(cpu.model.data_counts().misses, 1u);
    EXPECT_EQ(cpu.model.instruction_counts().walks, 1u);
}

TEST(ReferenceModel, AnUnifiedTlbServesFetches) {
    OneCpu cpu{{.unified = true, .data = {{4, 4}, {}, false}}};
    (void)cpu.access(page(5));
    EXPECT_EQ(cpu.access(page(5), execute).by, By::first_level);
    EXPECT_EQ(cpu.model.instruction_counts().lookups, 1u) << "counted by kind";
    EXPECT_EQ(cpu.model.instruction_counts().misses, 0u);
}

TEST(ReferenceModel, LruEvictsTheLeastRecentlyUsedOfTheSet) {
    OneCpu cpu{{.data = {{4, 2}, {}, false}}};  // two sets: even and odd pages
    (void)cpu.access(page(0)), (void)cpu.access(page(2)), (void)cpu.access(page(1));
    (void)cpu.access(page(0));
    (void)cpu.access(page(4));  // takes the place of 2
    EXPECT_EQ(cpu.access(page(1)).by, By::first_level);
    EXPECT_EQ(cpu.access(page(0)).by, By::first_level);
    const Outcome again = cpu.access(page(2));
    EXPECT_EQ(again.by, By::walk);
    EXPECT_EQ(again.cause, Cause::evicted);
}

TEST(ReferenceModel, TreePseudoLruFollowsTheBits) {
    OneCpu cpu{{.data = {{4, 4, mm::Replacement::tree_plru}, {}, false}}};
    for (uint32_t n : {0u, 1u, 2u, 3u}) (void)cpu.access(page(n));
    (void)cpu.access(page(0));  // the root now points to ways 2 and 3, of which 2 is older
    (void)cpu.access(page(4));
    EXPECT_EQ(cpu.in_data(page(2)), false);
    (void)cpu.access(page(5));  // root points to 0 and 1; there 1
    EXPECT_EQ(cpu.in_data(page(1)), false);
    EXPECT_TRUE(cpu.in_data(page(0)) && cpu.in_data(page(3)));
}

TEST(ReferenceModel, TheTreeRemembersWaysThatWereEmptied) {
    OneCpu cpu{{.data = {{4, 4, mm::Replacement::tree_plru}, {}, false}}};
    for (uint32_t n : {0u, 1u, 2u, 3u}) (void)cpu.access(page(n));
    cpu.model.flush_page(Cause::invlpg, page(1));  // way 1 is empty, the bits stay
    (void)cpu.access(page(4));                     // fills way 1: root points to 2 and 3, there 2
    (void)cpu.access(page(5));
    EXPECT_FALSE(cpu.in_data(page(2)));
}

TEST(ReferenceModel, RandomStepsOncePerVictim) {
    OneCpu cpu{{.data = {{4, 4, mm::Replacement::random}, {}, false}}};
    for (uint32_t n : {0u, 1u, 2u, 3u}) (void)cpu.access(page(n));
    uint32_t x = 0x9E3779B9;
    uint32_t in_way[4] = {0, 1, 2, 3};
    for (uint32_t n = 10; n < 30; ++n) {
        x ^= x << 13, x ^= x >> 17, x ^= x << 5;
        in_way[x % 4] = n;
        (void)cpu.access(page(n));
        for (const uint32_t expected : in_way) EXPECT_TRUE(cpu.in_data(page(expected)));
    }
}

TEST(ReferenceModel, APageThatForbidsTheAccessIsWalkedAgain) {
    OneCpu cpu{{.data = {{4, 4}, {}, false}}};
    cpu.memory.map_small(page(7), 0x77, {false, true, true, false});
    (void)cpu.access(page(7));
    const Outcome denied = cpu.access(page(7), write);
    EXPECT_TRUE(denied.fault);
    EXPECT_EQ(denied.cause, Cause::fault);
    EXPECT_EQ(cpu.access(page(7)).by, By::first_level) << "the entry stays";
    cpu.memory.map_small(page(7), 0x77, {true, true, true, false});
    const Outcome upgrade = cpu.access(page(7), write);
    EXPECT_EQ(upgrade.by, By::walk);
    EXPECT_EQ(upgrade.cause, Cause::evicted) << "no flush dropped it: it is replaced";
    EXPECT_EQ(cpu.access(page(7), write).by, By::first_level);
    EXPECT_EQ(cpu.entries_of_data(), 1u);
    cpu.memory.control.cr0 &= ~mm::cr0_wp;
    cpu.memory.map_small(page(8), 0x88, {false, true, true, false});
    (void)cpu.access(page(8));
    EXPECT_EQ(cpu.access(page(8), write, false).by, By::first_level) << "CR0.WP is clear";
}

TEST(ReferenceModel, AWalkThatFaultsCachesTheDirectoryEntryOnly) {
    OneCpu cpu{{.data = {{4, 4}, {}, false}, .pde_cache = {2, 2}}};
    cpu.memory.unmap_small(page(3));
    const Outcome missing = cpu.access(page(3));
    EXPECT_TRUE(missing.fault && !missing.pde_cached);
    EXPECT_EQ(cpu.entries_of_data(), 0u);
    EXPECT_TRUE(cpu.access(page(3)).pde_cached);
    const Dropped d = cpu.model.flush_fault(Cause::page_fault, page(3), cpu.memory.control);
    EXPECT_EQ(d.pde, 1u);
    EXPECT_FALSE(cpu.access(page(3)).pde_cached);
}

TEST(ReferenceModel, ACachedDirectoryEntryIsUsedEvenWhenMemoryHasAnother) {
    OneCpu cpu{{.data = {{4, 4}, {}, false}, .pde_cache = {2, 2}}};
    (void)cpu.access(page(1));
    const uint64_t before = cpu.memory.load(cpu.memory.pde_at(page(2)));
    cpu.memory.set_table(page(2), 0x999);
    const Outcome walk = cpu.access(page(2));
    EXPECT_TRUE(walk.pde_cached && !walk.fault);
    EXPECT_EQ(walk.pde, before);
    EXPECT_EQ(walk.translation.frame.raw, OneCpu::frame_of(page(2)));
    cpu.model.flush_page(Cause::invlpg, page(500));
    EXPECT_TRUE(cpu.access(page(3)).fault) << "INVLPG of any page drops all of them";
}

TEST(ReferenceModel, ADirectoryEntryThatMapsAPageIsNotCached) {
    OneCpu cpu{{.data = {{4, 4}, {}, false}, .pde_cache = {2, 2}}};
    cpu.memory.map_large(VirtAddr{0x400000}, 0x400, OneCpu::all);
    (void)cpu.access(VirtAddr{0x400000});
    EXPECT_FALSE(cpu.access(VirtAddr{0x401000}).pde_cached);
}

TEST(ReferenceModel, LargePagesGoIntoTheirOwnTlb) {
    OneCpu cpu{{.data = {{4, 4}, {2, 2}, false}}};
    cpu.memory.map_large(VirtAddr{0x400000}, 0x400, OneCpu::all);
    EXPECT_EQ(cpu.access(VirtAddr{0x400000}).reads, 1u);
    EXPECT_EQ(cpu.access(VirtAddr{0x7FF000}).by, By::first_level);
    for (uint32_t n : {0u, 1u, 2u, 3u}) (void)cpu.access(page(n));
    EXPECT_EQ(cpu.entries_of_data(), 5u);
}

TEST(ReferenceModel, ASharedTlbIndexesEachSizeByItsOwnPageNumber) {
    OneCpu cpu{{.data = {{2, 1}, {}, true}}};
    cpu.memory.map_large(VirtAddr{0x800000}, 0x400, OneCpu::all);  // large page 2: set 0
    (void)cpu.access(VirtAddr{0x801000});
    (void)cpu.access(page(1));  // set 1
    EXPECT_EQ(cpu.access(VirtAddr{0x800000}).by, By::first_level);
    (void)cpu.access(page(2));  // set 0
    EXPECT_EQ(cpu.access(VirtAddr{0x800000}).by, By::walk);
}

TEST(ReferenceModel, FragmentsAreFourKilobytePages) {
    OneCpu cpu{{.data = {{4, 4}, {}, false}}};
    cpu.memory.map_large(VirtAddr{0x400000}, 0x400, OneCpu::all);
    (void)cpu.access(VirtAddr{0x400000});
    EXPECT_EQ(cpu.access(VirtAddr{0x401000}).by, By::walk);
    (void)cpu.access(page(1));
    EXPECT_EQ(cpu.model.flush_page(Cause::invlpg, VirtAddr{0x600000}).data, 2u) << "INVLPG takes all fragments of the large page";
    EXPECT_EQ(cpu.access(VirtAddr{0x400000}).cause, Cause::invlpg);
    (void)cpu.access(VirtAddr{0x401000});
    EXPECT_EQ(cpu.model.flush_fault(Cause::page_fault, VirtAddr{0x400000}, cpu.memory.control).data, 1u) << "a page fault takes its own only";
}

TEST(ReferenceModel, AFillRemovesWhatItOverlaps) {
    OneCpu cpu{{.data = {{4, 4}, {2, 2}, false}}};
    const VirtAddr inside{0x403000};
    cpu.memory.set_table(inside, 0x60);
    cpu.memory.map_small(inside, 0x403, OneCpu::all);
    (void)cpu.access(inside);
    cpu.memory.map_large(inside, 0x800, OneCpu::all);
    EXPECT_EQ(cpu.access(inside).by, By::first_level) << "stale, and still there";
    EXPECT_EQ(cpu.access(VirtAddr{0x404000}).by, By::walk);
    EXPECT_EQ(cpu.entries_of_data(), 1u);
    cpu.memory.set_table(inside, 0x60);
    cpu.memory.map_small(inside, 0x403, {false, true, true, false});
    (void)cpu.model.flush_page(Cause::invlpg, inside);
    EXPECT_EQ(cpu.access(inside).cause, Cause::evicted) << "the large page pushed it out";
    cpu.memory.map_large(inside, 0x800, OneCpu::all);
    EXPECT_FALSE(cpu.access(inside, write).fault) << "the small entry does not allow it, the large page does";
    EXPECT_EQ(cpu.entries_of_data(), 1u);
}

}  // namespace
}  // namespace reference::rules
