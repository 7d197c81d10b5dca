// SPDX-License-Identifier: LGPL-2.1-or-later
// Cycles are counts times figures, at both ends of the intervals.
#include <gtest/gtest.h>

#include "tools/cost_model.hpp"

namespace {

using tools::Interval;

tools::Profile costs() {
    tools::Profile p;
    p.walk_base = {1, 0, 10, "test"};
    p.l1 = {3, 2, 4, "test"};
    p.l2 = {7, 5, 9, "test"};
    p.memory = {90, 80, 100, "test"};
    p.l1_lines = {64, 16, 256, "test"};
    p.l2_lines = {1024, 128, 4096, "test"};
    p.second_level_hit = {7, 4, 10, "test"};
    p.pdpte_load = {30, 20, 40, "test"};
    p.exception = {140, 90, 210, "test"};
    p.sysenter = {60, 50, 70, "test"};
    p.sysexit = {55, 45, 65, "test"};
    p.instruction = {1, 0.5, 2, "test"};
    p.mov_cr3 = {100, 40, 170, "test"};
    p.invlpg = {40, 12, 110, "test"};
    p.interrupt = {130, 80, 200, "test"};
    p.iret = {80, 50, 150, "test"};
    p.page_fault = {20, 0, 65, "test"};
    return p;
}

TEST(CostModel, ReadsAreFoundWhereEachEndsOwnNumberOfLinesPutsThem) {
    // Segments end at 16 and 64 (l1), 128 (l2 low), 256 (l1 high), 1024 and 4096 lines (l2): all of their prices, one by one.
    ASSERT_EQ(line_limits(costs()), (tools::LineRecency::Limits{16, 64, 128, 256, 1024, 4096}));
    const Interval expected[] = {
        {2, 3, 4},      // at most 16 lines: always in the first level
        {2, 3, 9},      // 64: by best, in the first level; with few lines there, in the second
        {2, 7, 9},      // 128
        {2, 7, 100},    // 256: in the first level at most, in memory at least
        {5, 7, 100},    // 1024
        {5, 90, 100},   // 4096
        {80, 90, 100},  // more: always from memory
    };
    for (unsigned segment = 0; segment < std::size(expected); ++segment) {
        tools::WalkCounts walks;
        walks.reads[segment] = 10;
        const Interval cycles = walk_cycles(walks, costs()), e = expected[segment];
        EXPECT_EQ(cycles, (Interval{10 * e.low, 10 * e.best, 10 * e.high})) << "segment " << segment;
    }
    EXPECT_EQ(walk_cycles({10, 0, {}}, costs()), (Interval{0, 10, 100})) << "the walks themselves";
    EXPECT_EQ(best_place(1, costs()), tools::LinePlace::l1);
    EXPECT_EQ(best_place(2, costs()), tools::LinePlace::l2);
    EXPECT_EQ(best_place(5, costs()), tools::LinePlace::memory);
}

TEST(CostModel, WhatTheCpuHasNotGotIsMissing) {
    tools::EventCounts e;
    e.instructions = 100, e.interrupts = 7, e.fast_calls = 3, e.fast_returns = 2;
    EXPECT_EQ(missing_instructions(e, costs()), 0u);
    tools::Profile old = costs();
    old.sysenter = old.sysexit = {0, 0, 0, "the CPU has none"};
    EXPECT_EQ(missing_instructions(e, old), 5u);
    e.fast_calls = e.fast_returns = 0;
    EXPECT_EQ(missing_instructions(e, old), 0u) << "nothing was executed that it lacks";
}

TEST(CostModel, ASecondLevelHitIsNoWalkButCosts) {
    const tools::WalkCounts counts{0, 5, {}};
    EXPECT_EQ(walk_cycles(counts, costs()), Interval{});
    EXPECT_EQ(cycles(charges_of({}, counts), prices_of(costs())), (Interval{5 * 4, 5 * 7, 5 * 10}));
}

TEST(CostModel, DifferencesCancelWhatIsCommon) {
    tools::EventCounts a, b;
    a.instructions = b.instructions = 1000;
    a.cr3_writes = 2, b.invlpg = 1;
    const Interval extra = cycles(charges_of(a, {}) - charges_of(b, {}), prices_of(costs()));
    EXPECT_EQ(extra, (Interval{2 * 40 - 110, 2 * 100 - 40, 2 * 170 - 12})) << "each end takes the prices that lead to it";
}

TEST(CostModel, EveryEventHasItsCost) {
    tools::EventCounts e;
    e.instructions = 1000, e.cr3_writes = 2, e.invlpg = 3, e.pdpte_loads = 2, e.page_faults = 1, e.interrupts = 4, e.exceptions = 6, e.interrupt_returns = 5;
    e.fast_calls = 7, e.fast_returns = 8;
    const Interval cycles = event_cycles(e, costs());
    EXPECT_EQ(cycles.best, 1000 + 2 * 100 + 3 * 40 + 2 * 30 + 4 * 130 + (6 + 1) * 140 + 5 * 80 + 20 + 7 * 60 + 8 * 55) << "a page fault is an exception, too";
    EXPECT_EQ(cycles.low, 500 + 2 * 40 + 3 * 12 + 2 * 20 + 4 * 80 + 7 * 90 + 5 * 50 + 0 + 7 * 50 + 8 * 45);
    EXPECT_EQ(cycles.high, 2000 + 2 * 170 + 3 * 110 + 2 * 40 + 4 * 200 + 7 * 210 + 5 * 150 + 65 + 7 * 70 + 8 * 65);
}

TEST(CostModel, NothingCostsNothing) {
    EXPECT_EQ(walk_cycles({}, costs()), Interval{});
    EXPECT_EQ(event_cycles({}, costs()), Interval{});
}

TEST(CostModel, CachesWithoutLinesLeaveOnlyMemory) {
    tools::Profile p = costs();
    p.l1_lines = p.l2_lines = {};
    EXPECT_TRUE(line_limits(p).empty());
    EXPECT_EQ(walk_cycles({0, 0, {3}}, p), (Interval{240, 270, 300}));
}

}  // namespace
