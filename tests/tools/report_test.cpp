// SPDX-License-Identifier: LGPL-2.1-or-later
// What a report says of the small trace, in words and in numbers.
#include <gtest/gtest.h>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "small_recording.hpp"
#include "tools/report_summary.hpp"
#include "tools/stat_output.hpp"

namespace {

using nlohmann::ordered_json;
using namespace tools;

struct Fixture {
    explicit Fixture(const std::vector<std::string>& splits = {"3:1"}) {
        directories = std::vector<tests::TemporaryDirectory>(splits.size());
        for (size_t i = 0; i < splits.size(); ++i) all.push_back(tests::small_recording(splits[i], directories[i], {tests::golden()}));
        make();
    }
    void make() {
        report = {};
        for (size_t i = 0; i < all.size(); ++i) {
            Trace trace{directories[i].path()};
            report.recordings.push_back({all[i].run.split, &all[i], {}, read_timeline(trace, all[i], 64), {}});
            report.contestants.push_back({all[i].run.split, &all[i]});
        }
        if (all.size() > 1) report.rankings = rank(report.contestants);
    }
    std::string words() const {
        std::string text;
        for (const SummaryPart& part : report_summary(report)) {
            text += part.title + "\n";
            for (const std::string& sentence : part.sentences) text += "  " + sentence + "\n";
        }
        return text;
    }
    std::vector<tests::TemporaryDirectory> directories;
    std::vector<Statistics> all;
    Report report;
};

uint64_t sum(const ordered_json& numbers) {
    uint64_t all = 0;
    for (const auto& n : numbers) all += n.is_array() ? sum(n) : n.get<uint64_t>();
    return all;
}

TEST(ReportJson, TheBinsAddUpToTheStatistics) {
    const Fixture f;
    const ordered_json one = report_json(f.report)["recordings"][0];
    const Statistics& s = f.all[0];
    EXPECT_EQ(sum(one["heat"]["walks"]["p6"]), s.total.profiles[0].walks.walks);
    EXPECT_EQ(sum(one["timeline"]["events"]["cr3_writes"]), s.observed.cr3_writes);
    EXPECT_EQ(sum(one["timeline"]["events"]["invlpg"]), s.observed.invlpg);
    EXPECT_EQ(sum(one["timeline"]["events"]["page_faults"]), s.observed.page_faults);
    EXPECT_EQ(sum(one["timeline"]["events"]["other_flushes"]), 1u) << "INVPCID: CR0 and CR4 were written with what they had";
    EXPECT_EQ(one["timeline"]["first"], 100);
    EXPECT_EQ(one["timeline"]["last"], 3000);
    EXPECT_EQ(one["heat"]["rows"].size(), one["heat"]["walks"]["p6"].size());
    EXPECT_EQ(one["heat"]["width"].get<uint64_t>(), 64u) << "2,950 ticks in at most 64 bins";
}

TEST(ReportJson, RowsOfMemoryHaveTheirZonesWalks) {
    const Fixture f;
    const ordered_json heat = report_json(f.report)["recordings"][0]["heat"];
    std::map<std::string, uint64_t> walks;
    for (size_t row = 0; row < heat["rows"].size(); ++row) walks[heat["rows"][row]["zone"]] += sum(heat["walks"]["p6"][row]);
    for (size_t z = 0; z < f.all[0].zones.size(); ++z) EXPECT_EQ(walks[zone_name(f.all[0], z)], f.all[0].zones[z].walks[0].walks);
}

TEST(ReportJson, SpansAreBlocksWithTheirTimes) {
    const Fixture f;
    const ordered_json spans = report_json(f.report)["recordings"][0]["timeline"]["spans"];
    EXPECT_EQ(spans, (ordered_json::parse(R"([{"span": "null-syscall", "cpu": 0, "blocks": [[1000, 1021, 1], [1100, 1122, 1]]},
                                               {"span": "ctx-2p-0k", "cpu": 0, "blocks": [[2000, 2100, 1]]}])")));
}

TEST(ReportJson, PagesHaveTheirRegionAndWalks) {
    const Fixture f;
    const ordered_json pages = report_json(f.report)["recordings"][0]["pages"];
    uint64_t walks = 0;
    for (const auto& page : pages) walks += page["walks"]["p6"].get<uint64_t>();
    EXPECT_EQ(walks, f.all[0].total.profiles[0].walks.walks) << "there are few: all are among them";
    EXPECT_EQ(pages[0], (ordered_json{{"linear", 0x08048000}, {"region", "user"}, {"symbol", ""}, {"walks", {{"p6", 2}}}}));
}

TEST(ReportJson, TheStatisticsAreThoseOfStat) {
    const Fixture f{{"3:1", "4:4"}};
    const ordered_json report = report_json(f.report);
    for (size_t i = 0; i < 2; ++i) {
        const ordered_json stat = statistics_json(f.all[i], {}), has = report["recordings"][i]["statistics"];
        for (const char* key : {"run", "observed", "models", "zones", "regions", "tasks", "useless_flushes", "stale"}) EXPECT_EQ(has[key], stat[key]) << key;
        for (size_t span = 0; span < stat["spans"].size(); ++span)
            for (const auto& [key, value] : has["spans"][span].items()) EXPECT_EQ(value, stat["spans"][span][key]) << key;
    }
    EXPECT_FALSE(report["ranking"].empty());
}

TEST(ReportSummary, SaysWhatIsWrongFirstOfAllThatItWasCutShort) {
    const Fixture f;  // small_recording() is one that was killed
    const std::string words = f.words();
    EXPECT_NE(words.find("3:1: guest golden, split 3:1, classic paging, 1,024 MiB of memory; 3,000 "
        "instructions"), std::string::npos) << words;
    EXPECT_NE(words.find("the recording was cut short (it was killed, or goes on still)"), std::string::npos) << words;
    EXPECT_NE(words.find("1 missing TLB flush: 3 uses of translations"), std::string::npos) << words;
    EXPECT_EQ(words.find("No missing TLB flush"), std::string::npos) << words;
}

TEST(ReportSummary, SaysWhereTheTimeGoes) {
    const Fixture f;
    const std::string words = f.words();
    EXPECT_NE(words.find("Where the time goes, on p6"), std::string::npos) << words;
    EXPECT_NE(words.find("Of 6 walks"), std::string::npos) << words;
    EXPECT_EQ(words.find("cheapest"), std::string::npos) << "one recording is compared with none";
}

TEST(ReportSummary, EqualRecordingsCostTheSame) {
    const Fixture f{{"3:1", "2:2"}};
    const std::string words = f.words();
    EXPECT_NE(words.find("One of each operation that all recordings measured: 3:1 is the "
        "cheapest"), std::string::npos) << words;
    EXPECT_NE(words.find("2:2: costs the same."), std::string::npos) << words;
}

TEST(ReportSummary, WhatPricesDecideIsNoDifference) {
    Fixture f{{"3:1", "2:2"}};
    // One pays an INVLPG for what the other pays in instructions: within the interval of INVLPG's price.
    SpanStatistics& before = tests::span_of(f.all[0], "null-syscall");
    SpanStatistics& after = tests::span_of(f.all[1], "null-syscall");
    before.sum.events.invlpg += 10;
    const Profile& p = f.all[0].profiles[0];
    after.sum.events.instructions += static_cast<uint64_t>(10 * (p.invlpg.low + p.invlpg.high) / 2 / p.instruction.best);
    f.make();
    const std::string words = f.words();
    EXPECT_NE(words.find("no difference that the model can tell"), std::string::npos) << words;
    EXPECT_NE(words.find("certainly the cheapest for 0, several cost the same and are the cheapest for 1, and for 1 the "
        "model cannot tell"), std::string::npos) << words;
}

TEST(ReportSummary, WhatIsCertainlyDearerIsNamed) {
    Fixture f{{"3:1", "4:4"}};
    tests::span_of(f.all[1], "null-syscall").sum.events.cr3_writes += 4;
    f.make();
    const std::string words = f.words();
    EXPECT_NE(words.find("Certainly dearest: null-syscall at 4:4 ("), std::string::npos) << words;
    EXPECT_NE(words.find("times 3:1)"), std::string::npos) << words;
}

TEST(ReportSummary, FailedCellsOfASweepAreNamed) {
    Fixture f;
    f.report.left_out = {"4-4-pae-1024M"};
    EXPECT_NE(f.words().find("4-4-pae-1024M: this recording of the sweep did not end well"), std::string::npos);
}

// A recording whose run.json is changed.
Report report_of(const tests::TemporaryDirectory& directory, const std::string& from, const std::string& to, std::vector<Statistics>& all) {
    std::string run = tests::SmallTrace::run_json();
    run.replace(run.find(from), from.size(), to);
    tests::write_trace(directory.path(), tests::SmallTrace::stream(), run);
    Trace trace{directory.path()};
    std::vector<Profile> profiles;
    if (!trace.run().profiles.empty()) profiles.push_back(tests::golden());
    all.clear();
    all.push_back(collect_statistics(trace, profiles));
    Report report;
    report.recordings.push_back({"3:1", &all[0], {}, read_timeline(trace, all[0], 64), {}});
    report.contestants.push_back({"3:1", &all[0]});
    return report;
}

TEST(ReportSummary, OdditiesAndWarningsAreSaidAndAWholeRecordingIsNotCalledCutShort) {
    const tests::TemporaryDirectory directory;
    std::vector<Statistics> all;
    const std::string odd = R"("warnings": ["the clock was odd"], "oddities": [{"kind": "double_fault", "count": 2, "first": "tick 7"}])";
    const Report report = report_of(directory, R"("warnings": [])", odd, all);
    std::string words;
    for (const SummaryPart& part : report_summary(report))
        for (const std::string& sentence : part.sentences) words += std::string{part.warns ? "! " : "  "} + sentence + "\n";
    EXPECT_NE(words.find("! 3:1: the clock was odd"), std::string::npos) << words;
    EXPECT_NE(words.find("! 3:1: oddity: double faults: 2 (first at tick 7)"), std::string::npos) << words;
    EXPECT_EQ(words.find("cut short"), std::string::npos) << words;
}

TEST(ReportSummary, WhatTheSearchForMissingFlushesCouldNotFollowIsSaid) {
    const tests::TemporaryDirectory directory;
    std::vector<Statistics> all;
    const Report report = report_of(directory, R"("unfollowed": 0)", R"("unfollowed": 1234)", all);
    const std::vector<SummaryPart> parts = report_summary(report);
    const auto warns = std::find_if(parts.begin(), parts.end(), [](const SummaryPart& p) { return p.warns; });
    ASSERT_NE(warns, parts.end());
    EXPECT_NE(warns->sentences.back().find("1,234 stale translations, or uses of some, could not be "
        "followed"), std::string::npos);
}

TEST(ReportSummary, WithoutAModelThereAreNoCycles) {
    const tests::TemporaryDirectory directory;
    std::vector<Statistics> all;
    const Report report = report_of(directory, R"(["p6"])", "[]", all);
    EXPECT_EQ(report_summary(report)[1].sentences.at(0), "3:1: no processor was modelled, so there are no cycles; Bochs' "
        "own TLB was filled 3 times.");
    EXPECT_EQ(report_json(report)["recordings"][0]["heat"]["walks"].size(), 0u);
}

ShareStatistics function(const std::string& name, uint64_t walks, bool program) {
    ShareStatistics f{name, 0, {}, 0, std::vector<WalkCounts>(1), program};
    f.walks[0].walks = walks;
    return f;
}

TEST(ReportSummary, WhatProgramsWalkIsNoFunctionOfTheKernels) {
    Fixture f;
    f.all[0].functions = {function("fork:program_fork", 3, true), function("[user]", 1, true), function("[lowmem]", 1, false),
                          function("guest::fork", 1, false), function("other", 0, false)};
    const std::string words = f.words();
    EXPECT_NE(words.find("Programs made 67 % of them; of the kernel's functions guest::fork made most (17 %)."), std::string::npos) << words;
}

TEST(ReportSummary, EachRecordingIsToldByTheProcessorOfTheHeading) {
    Fixture f{{"3:1", "2:2", "4:4"}};
    f.all.clear();
    f.all.push_back(tests::small_recording("3:1", f.directories[0], {tests::golden()}));
    f.all.push_back(tests::small_recording("2:2", f.directories[1], {tests::golden("k7"), tests::golden()}));
    f.all.push_back(tests::small_recording("4:4", f.directories[2], {tests::golden("k7")}));
    f.all[1].zones[0].walks[0].walks = 6;  // on k7: all of DMA
    f.make();
    const std::string words = f.words();
    EXPECT_NE(words.find("Where the time goes, on p6"), std::string::npos) << words;
    EXPECT_NE(words.find("  3:1: the whole took"), std::string::npos) << words;
    EXPECT_NE(words.find("  2:2: the whole took"), std::string::npos) << words;
    EXPECT_NE(words.find("  4:4, on k7: the whole took"), std::string::npos) << words;
    EXPECT_EQ(words.find("100 % were for memory of DMA"), std::string::npos) << words;
    EXPECT_NE(words.find("p6, the first of the 2 processors"), std::string::npos) << words;
}

TEST(ReportSummary, OnlySplitsThatAreKnownAreCompared) {
    const auto asks_for_splits = [](const std::vector<std::string>& splits) {
        return Fixture{splits}.words().find("Which split costs what") != std::string::npos;
    };
    EXPECT_TRUE(asks_for_splits({"3:1", "4:4"}));
    EXPECT_TRUE(asks_for_splits({"", "3:1", "4:4"}));
    EXPECT_FALSE(asks_for_splits({"", "3:1", "3:1"}));
    EXPECT_FALSE(asks_for_splits({"3:1", ""}));
}

// How many other flushes there are of what firmware, a kernel that begins, and one that runs do.
TEST(Timeline, OnlyWhatFlushesIsAFlush) {
    using Id = mm::trace::EventId;
    mm::trace::State off;
    off.control.cr0 = mm::cr0_pe;
    tests::StreamBuilder b{off};
    b.add(10, mm::trace::ControlWrite{Id::cr0_write, 0, 0xF0000});
    b.add(20, mm::trace::ControlWrite{Id::cr0_write, mm::cr0_pe, 0xF0000});
    b.add(30, mm::trace::ControlWrite{Id::cr4_write, mm::cr4_pse, 0xF0000});
    b.add(40, mm::trace::TaskSwitch{0x1000, 0xF0000});
    const auto other_flushes = [&] {
        const tests::TemporaryDirectory directory;
        tests::write_trace(directory.path(), b.bytes(), tests::SmallTrace::run_json(false));
        Trace trace{directory.path()};
        const Statistics s = collect_statistics(trace, {});
        Trace again{directory.path()};
        const Timeline t = read_timeline(again, s, 64);
        uint64_t all = 0;
        for (size_t c = 0; c < t.events.used(); ++c) all += t.events.count(static_cast<size_t>(Happening::other_flush), c);
        return all;
    };
    EXPECT_EQ(other_flushes(), 0u) << "without paging";
    b.add(50, mm::trace::ControlWrite{Id::cr0_write, mm::cr0_pe | mm::cr0_pg, 0xC0100000});
    EXPECT_EQ(other_flushes(), 1u) << "paging begins";
    b.add(60, mm::trace::ControlWrite{Id::cr0_write, mm::cr0_pe | mm::cr0_pg | mm::cr0_wp, 0xC0100000});
    b.add(70, mm::trace::ControlWrite{Id::cr4_write, mm::cr4_pse, 0xC0100000});
    EXPECT_EQ(other_flushes(), 1u) << "WP, and the same CR4 again";
    b.add(80, mm::trace::ControlWrite{Id::cr4_write, mm::cr4_pse | mm::cr4_pge, 0xC0100000});
    b.add(90, mm::trace::TaskSwitch{0x2000, 0xC0100000});
    EXPECT_EQ(other_flushes(), 3u) << "PGE, and a task";
    b.add(100, mm::trace::ControlWrite{Id::cr0_write, mm::cr0_pe, 0xC0100000});
    EXPECT_EQ(other_flushes(), 4u) << "paging ends";
}

TEST(WalkColumns, ManyRecordingsHaveWiderBins) {
    EXPECT_EQ(walk_columns(1, 1), 256u);
    EXPECT_EQ(walk_columns(8, 1), 256u);
    EXPECT_LT(walk_columns(8, 13), 256u);
    EXPECT_GE(walk_columns(1000, 13), 16u);
}

}  // namespace
