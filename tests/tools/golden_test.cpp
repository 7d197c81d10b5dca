// SPDX-License-Identifier: LGPL-2.1-or-later
// The golden trace: the same events give the same bytes, and the same bytes the same output, in every version.
// After an intended change: `ZONESCOPE_UPDATE_GOLDEN=1 tests/tools_tests --gtest_filter=Golden.*` writes data/ anew.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sstream>

#include <nlohmann/json.hpp>

#include "small_trace.hpp"
#include "test_paths.hpp"
#include "tools/checker.hpp"
#include "tools/conservation.hpp"
#include "tools/dump.hpp"
#include "tools/stale_output.hpp"
#include "tools/stat_output.hpp"

namespace {

using tests::SmallTrace;

const std::filesystem::path golden = tests::data_directory() / "small";
const bool update = std::getenv("ZONESCOPE_UPDATE_GOLDEN") != nullptr;

// The file holds this text; or, when updating, does from now on.
void expect_file(const std::filesystem::path& file, const std::string& text) {
    if (update) tests::write_file(file, text);
    EXPECT_EQ(tests::read_file(file), text) << file;
}

tools::Statistics golden_statistics() {
    tools::Trace trace{golden};
    return collect_statistics(trace, {tools::read_profile(tests::data_directory() / "golden.toml")});
}

TEST(Golden, TheEncoderWritesTheSameBytes) {
    expect_file(golden / "metadata", tests::metadata());
    expect_file(golden / "cpu0", SmallTrace::stream());
    expect_file(golden / ".zonescope/run.json", SmallTrace::run_json());
}

TEST(Golden, ItIsSound) {
    tools::Trace trace{golden};
    const tools::CheckReport report = check_trace(trace);
    EXPECT_EQ(report.events, 35u);
    EXPECT_TRUE(report.notes.empty());
    tools::check_conservation(golden_statistics(), "golden");
}

TEST(Golden, StatPrintsTheSame) {
    const tools::Statistics s = golden_statistics();
    expect_file(tests::data_directory() / "small.stat.json", tools::statistics_json(s, {}).dump(2) + "\n");
    expect_file(tests::data_directory() / "small.stat.csv", tools::statistics_csv(s, {}));
    std::ostringstream text;
    tools::print_statistics(s, {}, text);
    expect_file(tests::data_directory() / "small.stat.txt", text.str());
    std::istringstream lines{text.str()};
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 120u) << "fits a terminal: " << line;
}

TEST(Golden, StalePrintsTheSame) {
    tools::Trace trace{golden};
    const tools::Symbols symbols;
    const tools::StaleNames names{trace.run(), symbols};
    const std::vector<tools::StaleReport> reports = collect_stale(trace);
    std::ostringstream text;
    print_stale(reports, names, "small", false, text);
    expect_file(tests::data_directory() / "small.stale.txt", text.str());
    expect_file(tests::data_directory() / "small.stale.json", tools::stale_document(reports, names).dump(2) + "\n");
    const auto in_stat = tools::statistics_json(golden_statistics(), {});
    EXPECT_EQ(in_stat["stale"], tools::stale_document(reports, names)["stale"]);
    std::istringstream lines{text.str()};
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 120u) << "fits a terminal: " << line;
}

TEST(Golden, DumpPrintsTheSame) {
    tools::Trace trace{golden};
    std::ostringstream text, json;
    tools::dump(trace, {}, false, text);
    expect_file(tests::data_directory() / "small.dump.txt", text.str());
    tools::Trace again{golden};
    tools::dump(again, {}, true, json);
    expect_file(tests::data_directory() / "small.dump.jsonl", json.str());
}

std::vector<std::string> dumped(const tools::DumpFilter& filter) {
    tools::Trace trace{golden};
    std::ostringstream text;
    tools::dump(trace, filter, false, text);
    std::istringstream lines{text.str()};
    std::vector<std::string> all;
    for (std::string line; std::getline(lines, line);) all.push_back(line);
    return all;
}

TEST(Golden, DumpFilters) {
    tools::DumpFilter filter;
    filter.events = {"model_walk"};
    EXPECT_EQ(dumped(filter).size(), 6u);
    filter.zone = "HIGHMEM";
    EXPECT_EQ(dumped(filter).size(), 2u);
    filter.limit = 1;
    EXPECT_EQ(dumped(filter).size(), 1u);
    filter = {};
    filter.from = 2000, filter.to = 2011;
    EXPECT_EQ(dumped(filter).size(), 3u);
    filter = {};
    filter.zone = "nowhere";
    EXPECT_THROW((void)dumped(filter), tools::InputError);
}

// A CTF reader that knows nothing of us counts the same events.
TEST(Golden, Babeltrace2ReadsIt) {
    const char* const configured = std::getenv("BABELTRACE2");
    const std::string program = configured && *configured ? configured : "babeltrace2";
    if (std::system((program + " --version >/dev/null 2>&1").c_str()) != 0) GTEST_SKIP() << "babeltrace2 is not installed";
    FILE* const pipe = popen((program + " '" + golden.string() + "' 2>&1").c_str(), "r");
    ASSERT_NE(pipe, nullptr);
    std::string text;
    for (int c; (c = std::fgetc(pipe)) != EOF;) text += static_cast<char>(c);
    EXPECT_EQ(pclose(pipe), 0) << text;
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 35) << text;
}

}  // namespace
