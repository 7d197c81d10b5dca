// SPDX-License-Identifier: LGPL-2.1-or-later
// The engine of include/mm against the reference model, event for event, on random streams: each profile alone, all of them
// together, and geometries that no CPU has.
#include <gtest/gtest.h>

#include <set>

#include "../seed.hpp"
#include "engine_pair.hpp"
#include "mm/mmu_geometries.hpp"
#include "random_geometry.hpp"
#include "random_machine.hpp"

namespace {

using namespace reference;

// From few pages that hit and change to many that push each other out; a stride brings them into the same sets.
Workload workload(unsigned round) {
    constexpr Workload shapes[] = {
        {.slots = 2, .pages = 4}, {.slots = 4, .pages = 12, .edits = 60}, {.slots = 9, .pages = 40}, {.slots = 30, .pages = 3, .edits = 10},
        {.slots = 5, .pages = 25, .stride = 16}, {.slots = 6, .pages = 200, .edits = 5, .flushes = 3}, {.slots = 3, .pages = 8, .stride = 4, .flushes = 80},
    };
    Workload w = shapes[round / 2 % std::size(shapes)];
    w.pae = round % 2 == 1;
    return w;
}

// One stream, then everything is flushed and another follows in the other paging mode.
void compare(const std::vector<mm::MmuGeometry>& geometries, unsigned round, unsigned steps, Coverage& seen) {
    std::vector<EnginePair> pair;
    pair.emplace_back(geometries, seen);
    for (const unsigned mode : {round, round ^ 1}) {
        RandomMachine machine{workload(mode), tests::seed() + mode};
        pair.front().use(machine.memory);
        for (unsigned i = 0; i < steps; ++i) {
            machine.step(pair);
            if (i % 64 == 0) pair.front().compare_state();
            if (!testing::Test::HasFailure()) continue;
            ADD_FAILURE() << "in step " << i << (machine.memory.pae() ? ", pae" : ", classic");
            return;
        }
        pair.front().compare_state();
        pair.front().flush_all(Cause::control);
    }
}

// The guest closes a large page to programs and does not flush. The emulator still lets a program pass; a model that has walked since, even
// for another page of the same large one, does not.
TEST(Engine, NoModelServesUnaskedWhatItsEntryForbids) {
    constexpr mm::Permissions open{true, true, true, false}, closed{true, false, true, false};
    constexpr mm::VirtAddr large{0x400000}, page{0x400000}, neighbour{0x401000}, elsewhere[] = {mm::VirtAddr{0}, mm::VirtAddr{0x1000}};
    for (const mm::AccessKind kind : {mm::AccessKind::read, mm::AccessKind::write, mm::AccessKind::execute}) {
        Coverage seen;
        const mm::TlbLevel two{{2, 2}, {}, true};
        EnginePair pair{{{.profile = "two", .instruction = two, .data = two}}, seen};
        PagedMemory memory{false};
        memory.set_table(elsewhere[0], 2);
        for (const mm::VirtAddr a : elsewhere) memory.map_small(a, mm::page_of(a).raw + 0x10, open);
        memory.map_large(large, 0x400, open);
        pair.use(memory);
        const auto access = [&](mm::VirtAddr a, bool user) { pair.access(a, {kind, user}, memory.control); };
        access(page, true);
        memory.map_large(large, 0x400, closed);
        for (const mm::VirtAddr a : elsewhere) access(a, false);  // evict it
        access(neighbour, false);
        access(page, false);
        EXPECT_EQ(seen.walks, 4u);
        access(page, true);
        EXPECT_TRUE(seen.walks == 5 && seen.causes.count(Cause::fault)) << "the same access that the emulator lets pass";
        access(page, false);
        EXPECT_EQ(seen.walks, 5u);
    }
}

// The first level of fetches has no place for large pages: one that the second level serves leaves a small entry that forbids the access
// where it is, and is no use of it.
TEST(Engine, WhatForbidsAnAccessIsNotUsedByIt) {
    constexpr mm::Permissions open{true, true, true, false}, closed{true, false, true, false};
    constexpr mm::VirtAddr a{0}, b{0x400000}, c{0x401000};
    Coverage seen;
    EnginePair pair{{{.profile = "fragments", .instruction = {{2, 2}}, .data = {{2, 2}, {}, true}, .second_data = {{8, 8}, {}, true}, .second_unified = true}}, seen};
    PagedMemory memory{false};
    memory.set_table(a, 2), memory.set_table(b, 3);
    memory.map_small(a, 0x10, closed), memory.map_small(b, 0x11, open), memory.map_small(c, 0x12, open);
    pair.use(memory);
    const auto access = [&](mm::VirtAddr at, mm::AccessKind kind, bool user) { pair.access(at, {kind, user}, memory.control); };
    access(a, mm::AccessKind::execute, false);
    memory.map_large(a, 0x400, open);
    access(a, mm::AccessKind::read, true);     // the large page is in the second level, and the fetches' small entry stays
    access(b, mm::AccessKind::execute, true);
    access(a, mm::AccessKind::execute, true);
    EXPECT_EQ(seen.second_hits, 1u);
    access(c, mm::AccessKind::execute, true);  // a is older than b
    pair.compare_state();
}

class EachProfile : public testing::TestWithParam<mm::MmuGeometry> {};

TEST_P(EachProfile, AgreesWithTheReferenceModel) {
    Coverage seen;
    for (unsigned round = 0; round < 14; ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        compare({GetParam()}, round, 4000, seen);
        if (HasFailure()) return;
    }
    EXPECT_EQ(seen.causes.size(), mm::refill_causes) << "every cause comes up";
    EXPECT_GT(seen.hits, seen.walks / 4);
}

INSTANTIATE_TEST_SUITE_P(Engine, EachProfile, testing::ValuesIn(mm::mmu_geometries), [](const auto& info) {
    std::string name = info.param.profile;
    for (char& c : name)
        if (c == '-') c = '_';
    return name;
});

TEST(Engine, AllProfilesTogetherAgreeWithTheReferenceModel) {
    Coverage seen;
    const std::vector<mm::MmuGeometry> all{std::begin(mm::mmu_geometries), std::end(mm::mmu_geometries)};
    for (unsigned round = 0; round < 14; ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        compare(all, round, 2000, seen);
        if (HasFailure()) return;
    }
    EXPECT_GT(seen.second_hits, 0u);
    EXPECT_GT(seen.cached_directory_entries, 0u);
}

TEST(Engine, RandomGeometriesAgreeWithTheReferenceModel) {
    Coverage seen;
    RandomGeometry geometry{tests::seed()};
    for (unsigned round = 0; round < 150; ++round) {
        std::vector<mm::MmuGeometry> some;
        std::string shapes;
        for (unsigned n = 0; n < (round % 3 == 0 ? 6u : 1u); ++n) some.push_back(geometry()), shapes += describe(some.back()) + "\n";
        SCOPED_TRACE("round " + std::to_string(round) + "\n" + shapes);
        compare(some, round, 1500, seen);
        if (HasFailure()) return;
    }
    EXPECT_EQ(seen.causes.size(), mm::refill_causes);
}

}  // namespace
