// SPDX-License-Identifier: LGPL-2.1-or-later
// Each sum of a small trace's statistics changed by one: the rule that it breaks must say so.
#include <gtest/gtest.h>

#include <functional>

#include "small_trace.hpp"
#include "tools/conservation.hpp"

namespace {

using tools::Statistics;

std::string complaint(const std::function<void(Statistics&)>& change) {
    const tests::TemporaryDirectory directory;
    tests::SmallTrace::write(directory.path());
    tools::Trace trace{directory.path()};
    Statistics s = collect_statistics(trace, {tools::find_profile("p6")});
    change(s);
    try {
        check_conservation(s, "test");
        return "";
    } catch (const tools::Failure& f) {
        const std::string what = f.what();
        const size_t start = what.find(": ") + 2;
        return what.substr(start, what.find(';') - start);
    }
}

TEST(Conservation, HoldsForTheSmallTrace) { EXPECT_EQ(complaint([](Statistics&) {}), ""); }

TEST(Conservation, EveryWayToDivideTheWholeAddsUp) {
    EXPECT_EQ(complaint([](auto& s) { ++s.zones[0].observed_fills; }), "fills by zone or region do not add up to all fills");
    EXPECT_EQ(complaint([](auto& s) { ++s.regions[0].observed_fills; }), "fills by zone or region do not add up to all fills");
    EXPECT_EQ(complaint([](auto& s) { ++s.total.events.cr3_writes; }), "events in spans and outside do not add up to all events");
    EXPECT_EQ(complaint([](auto& s) { ++s.zones[1].walks[0].walks; }), "walks by zone or region do not add up to all walks");
    EXPECT_EQ(complaint([](auto& s) { --s.regions[1].walks[0].walks; }), "walks by zone or region do not add up to all walks");
    EXPECT_EQ(complaint([](auto& s) { ++s.zones[0].causes[0][0]; }), "causes by zone or region do not add up to the causes of all walks");
    EXPECT_EQ(complaint([](auto& s) { ++s.total.profiles[0].causes[0], ++s.zones[0].causes[0][0], ++s.regions[0].causes[0][0]; }), "causes do not add up to the walks");
    EXPECT_EQ(complaint([](auto& s) { ++s.models[0].levels.table[0]; }), "entries read by level do not add up to all that were read");
}

TEST(Conservation, LookupsAreHitsOrWalks) {
    EXPECT_EQ(complaint([](auto& s) { s.models[0].data.misses = s.models[0].data.lookups + 1; }), "more walks than misses, or more misses than lookups");
    EXPECT_EQ(complaint([](auto& s) { --s.models[0].data.misses; }), "more walks than misses, or more misses than lookups");
    EXPECT_EQ(complaint([](auto& s) { --s.models[0].data.walks; }), "walks by kind of access do not add up to all walks");
}

TEST(Conservation, SpansAndTheRestAreTheWhole) {
    EXPECT_EQ(complaint([](auto& s) { ++s.total.events.instructions; }), "cycles in spans and outside do not add up to all cycles");
    EXPECT_EQ(complaint([](auto& s) { ++s.outside.events.page_faults; }), "cycles in spans and outside do not add up to all cycles");
    EXPECT_EQ(complaint([](auto& s) { ++s.in_outermost_spans.profiles[0].walks.walks; }), "cycles in spans and outside do not add up to all cycles");
}

}  // namespace
