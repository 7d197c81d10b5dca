// SPDX-License-Identifier: LGPL-2.1-or-later
// Which recording is fastest, and when that cannot be told, on recordings whose counts are known.
#include <gtest/gtest.h>

#include <sstream>

#include <nlohmann/json.hpp>

#include "small_trace.hpp"
#include "test_paths.hpp"
#include "tools/ranking.hpp"
#include "tools/stat_inputs.hpp"

namespace {

using tools::Comparison;
using tools::Statistics;

Statistics recording(const std::string& split, const tests::TemporaryDirectory& directory, std::vector<tools::Profile> profiles) {
    std::string run = tests::SmallTrace::run_json(false);
    run.replace(run.find("3:1"), 3, split);
    std::string names;
    for (const tools::Profile& p : profiles) names += (names.empty() ? "\"" : ", \"") + p.name + "\"";
    run.replace(run.find("[\"p6\"]"), 6, "[" + names + "]");
    tests::write_trace(directory.path(), tests::SmallTrace::stream(), run);
    tools::Trace t{directory.path()};
    return collect_statistics(t, std::move(profiles));
}

tools::Profile golden(const std::string& name = "p6") {
    tools::Profile p = tools::read_profile(tests::data_directory() / "golden.toml");
    p.name = name;
    return p;
}

// Three recordings: the second has a CR3 write more in each null-syscall, the third has 100 instructions more besides and
// an INVLPG less in each ctx-2p-0k.
struct Three {
    explicit Three(std::vector<tools::Profile> profiles = {golden()}) {
        for (const char* split : {"3:1", "4:4", "2:2"}) all.push_back(recording(split, directory, profiles));
        for (const size_t i : {size_t{1}, size_t{2}}) span(i, "null-syscall").events.cr3_writes += 2;
        span(2, "null-syscall").events.instructions += 200;
        span(2, "ctx-2p-0k").events.invlpg -= 1, span(2, "ctx-2p-0k").events.instructions += 40;
        const auto labels = labels_of(all);
        for (size_t i = 0; i < all.size(); ++i) contestants.push_back({labels[i], &all[i]});
        rankings = rank(contestants);
    }
    tools::Activity& span(size_t recording, const std::string& name) {
        for (tools::SpanStatistics& s : all[recording].spans)
            if (s.name == name) return s.sum;
        throw std::logic_error{name};
    }
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

TEST(Ranking, LabelsTellRecordingsApart) {
    const tests::TemporaryDirectory one, other;
    std::vector<Statistics> all;
    all.push_back(recording("3:1", one, {golden()}));
    all.push_back(recording("4:4", other, {golden()}));
    EXPECT_EQ(labels_of(all), (std::vector<std::string>{"3:1", "4:4"}));
    all.push_back(recording("3:1", other, {golden()}));
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
}

}  // namespace
