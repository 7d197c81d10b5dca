// SPDX-License-Identifier: LGPL-2.1-or-later
// The exports of the small trace, against its statistics.
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include <nlohmann/json.hpp>

#include "small_recording.hpp"
#include "tools/export_formats.hpp"

namespace {

using nlohmann::json;

struct Exported {
    explicit Exported(unsigned intervals = 10) : statistics{tests::small_recording("3:1", directory, {tests::golden()})} {
        tools::Trace t{directory.path()};
        std::ostringstream out;
        export_perfetto(t, {}, intervals, out);
        document = json::parse(out.str());
    }
    std::vector<json> of(const std::string& phase) const {
        std::vector<json> some;
        for (const json& e : document["traceEvents"])
            if (e["ph"] == phase) some.push_back(e);
        return some;
    }
    const tests::TemporaryDirectory directory;
    const tools::Statistics statistics;
    json document;
};

TEST(ExportPerfetto, SpansAreSlicesThatNest) {
    const Exported e;
    std::vector<std::string> open;
    std::map<std::string, uint64_t> count;
    double last = 0;
    for (const json& event : e.document["traceEvents"]) {
        if (event["ph"] != "B" && event["ph"] != "E") continue;
        EXPECT_GE(event["ts"].get<double>(), last);
        last = event["ts"];
        if (event["ph"] == "B") open.push_back(event["name"]);
        else {
            ASSERT_FALSE(open.empty());
            EXPECT_EQ(open.back(), event["name"]);
            ++count[open.back()];
            open.pop_back();
        }
    }
    EXPECT_TRUE(open.empty());
    for (const tools::SpanStatistics& s : e.statistics.spans) EXPECT_EQ(count[s.name], s.count) << s.name;
    EXPECT_EQ(e.statistics.run.ips, 50'000'000u);
    EXPECT_EQ(e.of("B").front()["ts"], 20.0) << "1000 ticks, in microseconds";
}

TEST(ExportPerfetto, CountersAddUpToTheStatistics) {
    for (const unsigned intervals : {1u, 7u, 1000u}) {
        const Exported e{intervals};
        std::map<std::string, uint64_t> sums;
        for (const json& event : e.of("C"))
            for (const auto& [key, value] : event["args"].items()) sums[event["name"].get<std::string>() + "/" + key] += value.get<uint64_t>();
        const tools::Statistics& s = e.statistics;
        for (size_t z = 0; z < s.zones.size(); ++z) EXPECT_EQ(sums["walks p6/" + zone_name(s, z)], s.zones[z].walks[0].walks) << zone_name(s, z);
        EXPECT_EQ(sums["flushes/CR3 writes"], s.observed.cr3_writes);
        EXPECT_EQ(sums["flushes/INVLPG"], s.observed.invlpg);
        EXPECT_EQ(sums["page faults/page faults"], s.observed.page_faults);
        EXPECT_EQ(sums["Bochs fills/fills"], s.observed.fills());
    }
}

TEST(ExportPerfetto, FlushesMarksAndStaleUsesAreInstants) {
    const Exported e;
    std::map<std::string, int> count;
    for (const json& event : e.of("i")) ++count[event["name"]];
    EXPECT_EQ(count, (std::map<std::string, int>{{"cr0_write", 1}, {"cr4_write", 1}, {"cr3_write", 1}, {"invlpg", 1}, {"invpcid", 1}, {"mark", 1}, {"stale use", 1}}));
    for (const json& event : e.of("i")) {
        if (event["name"] != "cr3_write") continue;
        EXPECT_EQ(event["args"], (json{{"value", "0x00005000"}, {"by", "0xc0100020"}}));
    }
}

TEST(ExportCsv, ATableHasARowForEachElementAndAColumnForEachValue) {
    const Exported e;
    const auto tables = csv_tables(e.statistics, {});
    const auto table = [&](const std::string& name) -> const tools::CsvTable& {
        for (const auto& t : tables)
            if (t.name == name) return t;
        throw std::logic_error{name};
    };
    for (const auto& t : tables)
        for (const auto& row : t.rows) EXPECT_EQ(row.size(), t.columns.size()) << t.name;
    const auto cell = [&](const std::string& name, size_t row, const std::string& column) {
        const auto& t = table(name);
        const auto at = std::find(t.columns.begin(), t.columns.end(), column);
        return at == t.columns.end() ? "no such column" : t.rows.at(row)[static_cast<size_t>(at - t.columns.begin())];
    };
    EXPECT_EQ(table("zones").rows.size(), e.statistics.zones.size());
    EXPECT_EQ(cell("zones", 0, "name"), "DMA");
    EXPECT_EQ(cell("zones", 0, "walks.p6"), std::to_string(e.statistics.zones[0].walks[0].walks));
    EXPECT_EQ(cell("spans", 0, "name"), "null-syscall");
    EXPECT_EQ(cell("spans", 0, "instructions.median"), std::to_string(e.statistics.spans[0].median));
    EXPECT_EQ(cell("useless_flushes", 0, "profile"), "p6");
    EXPECT_EQ(cell("sensitivity", 0, "profile"), "p6");
    EXPECT_EQ(table("stale").rows.size(), 1u);
}

TEST(ExportCsv, CellsThatNeedItAreQuoted) {
    std::ostringstream out;
    tools::write_csv({"t", {"name", "n"}, {{"plain", "1"}, {"a,b", "2"}, {"say \"hi\"", ""}}}, out);
    EXPECT_EQ(out.str(), "name,n\nplain,1\n\"a,b\",2\n\"say \"\"hi\"\"\",\n");
}

}  // namespace
