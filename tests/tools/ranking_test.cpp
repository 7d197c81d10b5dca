// SPDX-License-Identifier: LGPL-2.1-or-later
// Which recording is fastest, and when that cannot be told, on recordings whose counts are known.
#include <gtest/gtest.h>

#include <functional>
#include <sstream>

#include <nlohmann/json.hpp>

#include "small_recording.hpp"
#include "tools/ranking.hpp"
#include "tools/stat_inputs.hpp"

namespace {

using tests::golden;
using tools::Comparison;
using tools::Statistics;

// Three recordings: the second has a CR3 write more in each null-syscall, the third has 100 instructions more besides and
// an INVLPG less in each ctx-2p-0k.
struct Three {
    explicit Three(std::vector<tools::Profile> profiles = {golden()}, const std::function<void(Three&)>& change = {}) {
        for (const char* split : {"3:1", "4:4", "2:2"}) all.push_back(tests::small_recording(split, directory, profiles));
        for (const size_t i : {size_t{1}, size_t{2}}) span(i, "null-syscall").events.cr3_writes += 2;
        span(2, "null-syscall").events.instructions += 200;
        span(2, "ctx-2p-0k").events.invlpg -= 1, span(2, "ctx-2p-0k").events.instructions += 40;
        if (change) change(*this);
        const auto labels = labels_of(all);
        for (size_t i = 0; i < all.size(); ++i) contestants.push_back({labels[i], &all[i]});
        rankings = rank(contestants);
    }
    tools::Activity& span(size_t recording, const std::string& name) { return tests::span_of(all[recording], name).sum; }
    const tests::TemporaryDirectory directory;
    std::vector<Statistics> all;
    std::vector<tools::Contestant> contestants;
    std::vector<tools::Ranking> rankings;
};

TEST(Ranking, SaysWhatIsCertainAndBetweenWhichBounds) {
    const Three three;
    ASSERT_EQ(three.rankings.size(), 3u);
    const tools::Ranking& call = three.rankings[0];
    EXPECT_EQ(call.operation, "null-syscall");
    ASSERT_EQ(call.standings.size(), 3u);
    EXPECT_EQ(call.standings[0].who, 0u);
    EXPECT_EQ(call.standings[1].who, 1u);
    EXPECT_EQ(call.standings[1].order, Comparison::more);
    EXPECT_EQ(call.standings[1].extra, (tools::Interval{40, 100, 170})) << "one CR3 write";
    // 21.5 instructions, an interrupt and an IRET: the share is least where the CR3 write is cheap and they are dear.
    EXPECT_NEAR(call.standings[1].share.low, 1 + 40 / (43 + 200 + 150.0), 1e-9);
    EXPECT_NEAR(call.standings[1].share.high, 1 + 170 / (10.75 + 80 + 50), 1e-9);
    EXPECT_EQ(call.standings[2].who, 2u);
}

TEST(Ranking, CannotTellWhereTheFiguresDecideAndSaysWhich) {
    const Three three;
    const tools::Ranking& context = three.rankings[1];
    EXPECT_EQ(context.operation, "ctx-2p-0k");
    // 3:1 and 4:4 are equal; 2:2 has 40 instructions more (20 to 80 cycles) and an INVLPG (12 to 110) less.
    const tools::Standing& last = context.standings[2];
    EXPECT_EQ(last.who, 2u);
    EXPECT_EQ(last.order, Comparison::unknown);
    ASSERT_FALSE(last.causes.empty());
    EXPECT_EQ(name_of(last.causes[0]), "cost.invlpg (assumed)");
    EXPECT_EQ(context.standings[1].order, Comparison::equal);
}

TEST(Ranking, PrintsProfilesThatAgreeInOneRow) {
    tools::Profile cheap = golden("cheap");
    cheap.invlpg = {39.25, 39, 39.5, "test"};
    cheap.instruction = {1, 1, 1, "test"};
    const Three three{{golden("a"), cheap, golden("b")}};
    std::ostringstream out;
    print_rankings(three.rankings, three.contestants, out);
    const std::string text = out.str();
    const auto has = [&](const std::string& part) { EXPECT_NE(text.find(part), std::string::npos) << part << "\nis not in\n" << text; };
    has("null-syscall  all 3   fastest");
    has("ctx-2p-0k     a b    fastest?");
    has("cannot tell");
    has("              cheap   fastest");
    has("ctx-2p-0k, 2:2 against 3:1, by a b");
    has("most depends on cost.invlpg (assumed) of 12 to 110\n");
    const auto json = rankings_json(three.rankings, three.contestants);
    EXPECT_EQ(json[0]["operation"], "null-syscall");
    EXPECT_EQ(json[0]["standings"][0]["verdict"], "fastest");
    EXPECT_EQ(json[0]["standings"][1]["recording"], "4:4");
    EXPECT_EQ(json[0]["standings"][1]["verdict"], "slower");
}

// The golden profile has no SYSENTER; `newer` has.
TEST(Ranking, WhatACpuCannotExecuteIsNotCheapThere) {
    tools::Profile newer = golden("newer");
    newer.sysenter = newer.sysexit = {30, 20, 40, "test"};
    const Three three{{golden(), newer}, [](Three& t) {
                          for (size_t i : {0u, 1u, 2u}) t.span(i, "null-syscall").events.fast_calls += 2;
                      }};
    const tools::Ranking &old_call = three.rankings[0], &new_call = three.rankings[1];
    EXPECT_EQ(old_call.profile, "p6");
    EXPECT_TRUE(old_call.standings.empty());
    EXPECT_EQ(old_call.impossible, (std::vector<size_t>{0, 1, 2}));
    EXPECT_EQ(new_call.standings.size(), 3u);
    for (const tools::Ranking& r : three.rankings)
        if (r.operation == tools::all_operations) EXPECT_EQ(r.profile, "newer") << "there is but one operation left for the other";
    std::ostringstream out;
    print_rankings(three.rankings, three.contestants, out);
    EXPECT_NE(out.str().find("null-syscall  p6     not on this CPU  not on this CPU  not on this CPU\n"), std::string::npos) << out.str();
    const auto json = rankings_json(three.rankings, three.contestants);
    EXPECT_EQ(json[0]["standings"][2], (nlohmann::ordered_json{{"recording", "2:2"}, {"verdict", "not on this CPU"}}));
}

TEST(Ranking, ThereIsNoOtherWhereAllOthersCannotRun) {
    const Three three{{golden()}, [](Three& t) {
                          for (size_t i : {0u, 1u}) t.span(i, "null-syscall").events.fast_returns += 1;
                      }};
    std::ostringstream out;
    print_rankings(three.rankings, three.contestants, out);
    EXPECT_NE(out.str().find("null-syscall  not on this CPU  not on this CPU     no other\n"), std::string::npos) << out.str();
}

TEST(Ranking, LabelsTellRecordingsApart) {
    const tests::TemporaryDirectory one, other;
    std::vector<Statistics> all;
    all.push_back(tests::small_recording("3:1", one, {golden()}));
    all.push_back(tests::small_recording("4:4", other, {golden()}));
    EXPECT_EQ(labels_of(all), (std::vector<std::string>{"3:1", "4:4"}));
    all.push_back(tests::small_recording("3:1", other, {golden()}));
    EXPECT_EQ(labels_of(all), (std::vector<std::string>{one.path().string(), "4:4", other.path().string()}));
}

TEST(StatInputs, ASweepStandsForItsGoodCells) {
    const tests::TemporaryDirectory d;
    tests::write_file(d.path() / "sweep.json", R"({"schema": 1, "cells": [{"directory": "a", "good": true}, {"directory": "b", "good": false}, {"directory": "c", "good": true}]})");
    EXPECT_EQ(tools::trace_directories({"x", d.path()}), (std::vector<std::filesystem::path>{"x", d.path() / "a", d.path() / "c"}));
    tests::write_file(d.path() / "sweep.json", R"({"schema": 1, "cells": [{"directory": "b", "good": false}]})");
    EXPECT_THROW(static_cast<void>(tools::trace_directories({d.path()})), tools::InputError);
}

TEST(StatInputs, ProfilesAreChosenByNameAndCostsByFile) {
    tools::RunInfo run;
    run.profiles = {"p6"};
    EXPECT_EQ(chosen_profiles("none", run, {}).size(), 1u);
    EXPECT_EQ(chosen_profiles("none", run, {"p6"}).at(0).name, "p6");
    EXPECT_EQ(chosen_profiles("none", run, {tests::data_directory() / "golden.toml"}).at(0).file, tests::data_directory() / "golden.toml");
    EXPECT_THROW(static_cast<void>(chosen_profiles("none", run, {"p4"})), tools::InputError);
    run.profiles = {"i486", "p6", "k7"};
    const auto names = [&](const std::vector<std::string>& given) {
        std::string all;
        for (const tools::Profile& p : chosen_profiles("none", run, given)) all += p.name + " ";
        return all;
    };
    EXPECT_EQ(names({"k7,p6"}), "p6 k7 ") << "a list, in the recording's order";
    EXPECT_EQ(names({"k7", "p6,k7"}), "p6 k7 ") << "twice is once";
    EXPECT_EQ(names({"all"}), "i486 p6 k7 ") << "of the recording";
    EXPECT_THROW(static_cast<void>(names({"p6,"})), tools::InputError);
}

}  // namespace
