// SPDX-License-Identifier: LGPL-2.1-or-later
// What changed between two recordings whose counts are known.
#include <gtest/gtest.h>

#include <functional>
#include <sstream>

#include <nlohmann/json.hpp>

#include "small_recording.hpp"
#include "tools/difference.hpp"

namespace {

using tools::Change;
using tools::ChangeKind;
using tools::Comparison;

// The same trace twice, the second with what `change` does to it.
struct Two {
    explicit Two(const std::function<void(tools::Statistics&)>& change = {}, std::vector<tools::Profile> profiles = {tests::golden()})
        : before{tests::small_recording("3:1", one, profiles)}, after{tests::small_recording("3:1", other, profiles)} {
        if (change) change(after);
        result = difference(before, after);
    }
    const Change& of(ChangeKind kind, const std::string& name) const {
        for (const Change& c : result.changes)
            if (c.kind == kind && c.name == name) return c;
        throw std::logic_error{name};
    }
    std::string text(double threshold = 0.05) const {
        std::ostringstream out;
        print_difference(result, threshold, out);
        return out.str();
    }
    const tests::TemporaryDirectory one, other;
    tools::Statistics before, after;
    tools::Difference result;
};

TEST(Difference, TheSameRecordingTwiceHasNone) {
    const Two two;
    ASSERT_FALSE(two.result.changes.empty());
    for (const Change& c : two.result.changes) EXPECT_EQ(c.order, Comparison::equal) << name(c.kind) << ' ' << c.name;
    EXPECT_TRUE(two.result.unmatched.empty());
    EXPECT_TRUE(two.result.set_up.empty());
    EXPECT_TRUE(regressions(two.result, 0).empty());
    EXPECT_NE(two.text().find("no difference that the model can tell\n"), std::string::npos) << two.text();
}

TEST(Difference, ACountMoreIsWorthItsIntervalWhateverTheRestCosts) {
    const Two two{[](tools::Statistics& s) { tests::span_of(s, "null-syscall").sum.events.cr3_writes += 2; }};
    const Change& call = two.of(ChangeKind::operation, "null-syscall");
    EXPECT_EQ(call.order, Comparison::more);
    EXPECT_EQ(call.extra, (tools::Interval{40, 100, 170})) << "one CR3 write in each of two calls";
    // 21.5 instructions, an interrupt and an IRET: the share is least where the CR3 write is cheap and they are dear.
    EXPECT_NEAR(call.share.low, 1 + 40 / (43 + 200 + 150.0), 1e-9);
    EXPECT_EQ(two.of(ChangeKind::operation, "ctx-2p-0k").order, Comparison::equal);
    EXPECT_EQ(two.result.changes.front().name, "null-syscall") << "the largest first";
    EXPECT_NE(two.text().find("slower: one change is surely above 5 %, first null-syscall 10-"), std::string::npos) << two.text();
}

TEST(Difference, OnlyWhatIsSurelyAboveTheThresholdIsARegression) {
    const Two two{[](tools::Statistics& s) { tests::span_of(s, "null-syscall").sum.events.cr3_writes += 2; }};
    const double least = two.of(ChangeKind::operation, "null-syscall").share.low - 1;
    EXPECT_EQ(regressions(two.result, least - 1e-6).size(), 1u);
    EXPECT_TRUE(regressions(two.result, least + 1e-6).empty());
    const Two faster{[](tools::Statistics& s) { tests::span_of(s, "null-syscall").sum.events.instructions -= 20; }};
    EXPECT_EQ(faster.of(ChangeKind::operation, "null-syscall").order, Comparison::less);
    EXPECT_TRUE(regressions(faster.result, 0).empty());
    EXPECT_NE(faster.text().find("nothing is surely more than 5 % slower"), std::string::npos) << faster.text();
}

TEST(Difference, WhereTheFiguresDecideNothingIsCertain) {
    // 40 instructions more (20 to 80 cycles) and an INVLPG (12 to 110) less.
    const Two two{[](tools::Statistics& s) { tests::span_of(s, "ctx-2p-0k").sum.events.invlpg -= 1, tests::span_of(s, "ctx-2p-0k").sum.events.instructions += 40; }};
    const Change& c = two.of(ChangeKind::operation, "ctx-2p-0k");
    EXPECT_EQ(c.order, Comparison::unknown);
    ASSERT_FALSE(c.causes.empty());
    EXPECT_EQ(name_of(c.causes[0]), "cost.invlpg (assumed)");
    EXPECT_TRUE(regressions(two.result, 0).empty());
    EXPECT_NE(two.text().find("no difference that the model can tell: 1 counts changed"), std::string::npos) << two.text();
    EXPECT_NE(two.text().find("ctx-2p-0k: most depends on cost.invlpg (assumed) of 12 to 110"), std::string::npos) << two.text();
}

TEST(Difference, ZonesAndEverythingAreComparedWithoutOperationsInCommon) {
    const Two two{[](tools::Statistics& s) {
        s.spans.clear();
        s.zones[0].walks[0].walks += 7;
        s.total.events.cr3_writes += 1000;
    }};
    EXPECT_EQ(two.of(ChangeKind::zone, two.before.run.zones[0].name).walks_after - two.of(ChangeKind::zone, two.before.run.zones[0].name).walks_before, 7);
    ASSERT_EQ(two.result.unmatched.size(), 2u) << "the spans";
    EXPECT_TRUE(two.result.unmatched[0].before);
    const auto worse = regressions(two.result, 0.05);
    ASSERT_EQ(worse.size(), 1u);
    EXPECT_EQ(worse[0]->kind, ChangeKind::everything);
    EXPECT_NE(two.text().find("operations only before: null-syscall, ctx-2p-0k"), std::string::npos) << two.text();
}

TEST(Difference, WhatTheCpuCannotExecuteIsNoChangeOfItsCycles) {
    const Two two{[](tools::Statistics& s) { tests::span_of(s, "null-syscall").sum.events.fast_calls += 2, tests::span_of(s, "null-syscall").sum.events.cr3_writes += 2; }};
    EXPECT_FALSE(two.of(ChangeKind::operation, "null-syscall").can_execute);
    EXPECT_TRUE(regressions(two.result, 0).empty());
    const auto json = difference_json(two.result, 0);
    for (const auto& c : json["changes"]) {
        if (c["name"] != "null-syscall") continue;
        EXPECT_EQ(c["verdict"], "not on this CPU");
        EXPECT_TRUE(c["before"].is_null());
    }
}

TEST(Difference, JsonHasEveryProfileAndTheTextTheFirst) {
    const Two two{[](tools::Statistics& s) { tests::span_of(s, "null-syscall").sum.events.cr3_writes += 2; }, {tests::golden("a"), tests::golden("b")}};
    const auto json = difference_json(two.result, 0.05);
    ASSERT_EQ(json["regressions"].size(), 2u);
    EXPECT_EQ(json["regressions"][1]["profile"], "b");
    EXPECT_EQ(json["changes"][0]["verdict"], "slower");
    EXPECT_EQ(json["changes"][0]["extra_cycles"]["best"], 100);
    EXPECT_NE(two.text().find("the tables are by a;"), std::string::npos) << two.text();
}

TEST(Difference, SaysHowTheRecordingsWereMadeDifferently) {
    const tests::TemporaryDirectory one, other;
    const tools::Statistics before = tests::small_recording("3:1", one, {tests::golden()}), after = tests::small_recording("4:4", other, {tests::golden()});
    EXPECT_EQ(difference(before, after).set_up, std::vector<std::string>{"split: 3:1, then 4:4"});
}

}  // namespace
