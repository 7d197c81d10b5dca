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
    p.instruction = {1, 0.5, 2, "test"};
    p.mov_cr3 = {100, 40, 170, "test"};
    p.invlpg = {40, 12, 110, "test"};
    p.interrupt = {130, 80, 200, "test"};
    p.iret = {80, 50, 150, "test"};
    p.page_fault = {20, 0, 65, "test"};
    return p;
}

TEST(CostModel, ReadsAreRecentOrColdByEachEndsOwnLimit) {
    // 10 walks; of 16 reads 4 are recent by any limit, 3 from the best limit on, 2 by the high limit only, 7 by none.
    const tools::WalkCounts walks{10, {4, 3, 2, 7}};
    const Interval cycles = walk_cycles(walks, costs());
    EXPECT_EQ(cycles.low, 10 * 0 + 9 * 2 + 7 * 5);
    EXPECT_EQ(cycles.best, 10 * 1 + 7 * 3 + 9 * 7);
    EXPECT_EQ(cycles.high, 10 * 10 + 4 * 4 + 12 * 100);
}

TEST(CostModel, EveryEventHasItsCost) {
    tools::EventCounts e;
    e.instructions = 1000, e.cr3_writes = 2, e.invlpg = 3, e.page_faults = 1, e.interrupts = 4, e.interrupt_returns = 5;
    const Interval cycles = event_cycles(e, costs());
    EXPECT_EQ(cycles.best, 1000 + 2 * 100 + 3 * 40 + (4 + 1) * 130 + 5 * 80 + 20) << "a page fault is an exception, too";
    EXPECT_EQ(cycles.low, 500 + 2 * 40 + 3 * 12 + 5 * 80 + 5 * 50 + 0);
    EXPECT_EQ(cycles.high, 2000 + 2 * 170 + 3 * 110 + 5 * 200 + 5 * 150 + 65);
}

TEST(CostModel, NothingCostsNothing) {
    EXPECT_EQ(walk_cycles({}, costs()), Interval{});
    EXPECT_EQ(event_cycles({}, costs()), Interval{});
}

TEST(CostModel, RecencyLimitsAscend) {
    EXPECT_EQ(recency_limits(costs()), (tools::LineRecency::Limits{16, 64, 256}));
}

}  // namespace
