// SPDX-License-Identifier: LGPL-2.1-or-later
// Page tables read the other way round: what is found is what walking every address finds.
#include "bochs-plugin/frame_search.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "bochs-plugin/inspect.h"
#include "fake_machine.hpp"
#include "tests/seed.hpp"

namespace plugin {
namespace {

using namespace mm;

constexpr uint64_t table_flags = entry_bit::present | entry_bit::writable | entry_bit::user;

trace::State with(uint32_t cr3, uint32_t cr4) {
    trace::State s;
    s.control = {cr0_pg | cr0_pe, cr3, cr4, 0, 40};
    return s;
}

using Found = std::set<std::pair<size_t, uint64_t>>;
Found pages(const FrameUses& uses) {
    Found all;
    for (const FrameMapping& m : uses.mappings) all.insert({m.space, m.linear});
    return all;
}

// Random directories and tables over a small memory, some entries broken; each page of the slots in use is walked.
template <class F> void compare(uint32_t cr4, uint64_t seed) {
    std::mt19937_64 random{seed};
    const auto below = [&](uint64_t n) { return random() % n; };
    FakeMachine machine;
    std::vector<AddressSpace> spaces;
    std::set<unsigned> slots;  // of all spaces
    constexpr unsigned gibs = sizeof(typename F::Raw) == 8 ? 4 : 1;
    for (unsigned n = 0; n < 3; ++n) {
        trace::State s = with(0x10000 + 0x10000 * n, cr4);
        for (unsigned gib = 0; gib < gibs; ++gib) {
            const uint64_t directory = s.control.cr3 + (gibs == 4 ? 0x1000 * (gib + 1) : 0);
            s.pdpte[gib] = directory | (below(4) != 0);
            for (unsigned k = 0; k < 6; ++k) {
                const unsigned index = static_cast<unsigned>(below(entries_per_table<F>));
                slots.insert(gib * entries_per_table<F> + index);
                const uint64_t large = below(3) == 0 ? entry_bit::page_size : 0;
                const uint64_t frame = large ? align_down(below(4 * entries_per_table<F>), entries_per_table<F>) : 0x50 + below(8);  // tables are shared
                machine.poke(PhysAddr{directory + sizeof(typename F::Raw) * index}, frame << page_shift | table_flags | large | (below(8) == 0 ? 1 << 13 : 0));
            }
        }
        spaces.push_back({s, n == 0, {}});
    }
    for (uint64_t table = 0x50; table < 0x58; ++table)
        for (unsigned k = 0; k < 40; ++k)
            machine.poke(PhysAddr{(table << page_shift) + sizeof(typename F::Raw) * below(entries_per_table<F>)}, below(16) << page_shift | (below(8) != 0) | below(4) << 1);
    for (const Pfn wanted : {Pfn{0}, Pfn{3}, Pfn{9}, Pfn{0x52}, Pfn{513}, Pfn{0x100000}}) {
        Found expected;
        for (size_t n = 0; n < spaces.size(); ++n)
            for (const unsigned slot : slots)
                for (uint64_t page = 0; page < entries_per_table<F>; ++page) {
                    const uint64_t linear = (uint64_t{slot} << directory_shift<F>) + (page << page_shift);
                    const Translation t = inspect_walk(machine, spaces[n].registers, linear).translation;
                    if (t.mapped() && t.frame == wanted) expected.insert({n, linear});
                }
        const FrameUses uses = who_maps(machine, spaces, wanted);
        EXPECT_EQ(pages(uses), expected) << "frame " << wanted.raw;
        EXPECT_EQ(uses.mappings.size(), expected.size()) << "each once";
        EXPECT_FALSE(uses.cut);
    }
}

TEST(FrameSearch, FindsWhatWalksFind) {
    const uint64_t seed = tests::seed();
    SCOPED_TRACE("seed " + std::to_string(seed));
    for (uint64_t n = 0; n < 4; ++n) {
        compare<Classic>(cr4_pse, seed + n);
        compare<Classic>(0, seed + n);
        compare<Pae>(cr4_pae, seed + n);
    }
}

TEST(FrameSearch, TellsSizeAndPermissions) {
    FakeMachine machine;
    machine.poke(PhysAddr{0x1000 + 4 * 0x300}, Entry<Classic>::large_leaf(Pfn{0x400}, {true, false, true, false}).raw);
    machine.map(Vpn{1}, Pfn{0x412}, {false, true, true, false});
    const FrameUses uses = who_maps(machine, {{with(0x1000, cr4_pse), true, {}}}, Pfn{0x412});
    ASSERT_EQ(uses.mappings.size(), 2u);
    EXPECT_EQ(uses.mappings[0].linear, 0x1000u);
    EXPECT_EQ(uses.mappings[0].shift, 12u);
    EXPECT_TRUE(uses.mappings[0].permissions.user);
    EXPECT_EQ(uses.mappings[1].linear, 0xC0012000u);
    EXPECT_EQ(uses.mappings[1].shift, 22u);
    EXPECT_FALSE(uses.mappings[1].permissions.user);
}

TEST(FrameSearch, LongModesUpperHalfIsCanonical) {
    FakeMachine machine;
    trace::State s = with(0x1000, cr4_pae);
    s.control.efer = efer_lme | efer_lma;
    machine.poke(PhysAddr{0x1000 + 8 * 256}, 0x2003), machine.poke(PhysAddr{0x2000}, 0x3003);
    machine.poke(PhysAddr{0x3000 + 8 * 0x91}, 0x4003), machine.poke(PhysAddr{0x4000 + 8 * 0x145}, 0x77777003);
    machine.poke(PhysAddr{0x2000 + 8}, 0x40000083);
    const FrameUses uses = who_maps(machine, {{s, true, {}}}, Pfn{0x77777});
    ASSERT_EQ(uses.mappings.size(), 2u);
    EXPECT_EQ(uses.mappings[0].linear, 0xFFFF800012345000u);
    EXPECT_EQ(uses.mappings[1].linear, 0xFFFF800040000000u + (uint64_t{0x77777 - 0x40000} << 12)) << "1 GiB";
    EXPECT_EQ(uses.mappings[1].shift, 30u);
}

TEST(FrameSearch, TablesThatNameThemselvesEnd) {
    FakeMachine machine;
    trace::State s = with(0x1000, cr4_pae);
    s.control.efer = efer_lme | efer_lma;
    for (unsigned n = 0; n < 512; ++n) machine.poke(PhysAddr{0x1000 + 8 * n}, 0x1003);
    const FrameUses uses = who_maps(machine, {{s, true, {}}}, Pfn{1});
    EXPECT_TRUE(uses.cut);
    EXPECT_EQ(uses.mappings.size(), 4096u);
}

}  // namespace
}  // namespace plugin
