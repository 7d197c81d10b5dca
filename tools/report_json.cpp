// SPDX-License-Identifier: LGPL-2.1-or-later
// The data block of a report's page.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "paths.hpp"
#include "report_data.hpp"
#include "stat_output.hpp"

namespace tools {
namespace {

using json = nlohmann::ordered_json;

constexpr size_t most_shares = 100;   // functions and tasks that the page has; `stat` has them all
constexpr size_t most_pages = 25;     // of each profile
constexpr size_t most_cells = 300'000;

// Without what no chart or table of the page shows.
json page_statistics(const Statistics& s, const Symbols& symbols) {
    json all = statistics_json(s, symbols);
    for (json& span : all["spans"])
        for (const char* key : {"causes", "second_level_hits", "interrupts", "exceptions", "interrupt_returns", "fast_calls", "fast_returns"})
            span.erase(key);
    for (const char* key : {"tasks", "functions"}) {
        json& shares = all[key];
        if (shares.size() <= most_shares) continue;
        // The last is `other`, which stays.
        shares.erase(shares.begin() + static_cast<std::ptrdiff_t>(most_shares - 1), shares.end() - 1);
    }
    all.erase("sensitivity");
    return all;
}

json bins_json(const TimeBins& bins, size_t row) {
    json counts = json::array();
    for (size_t c = 0; c < bins.used(); ++c) counts.push_back(bins.count(row, c));
    return counts;
}

json heat_json(const Statistics& s, const Timeline& t) {
    json rows = json::array(), walks = json::object();
    const std::vector<ZoneInfo>& zones = s.run.zones;
    const bool nodes = std::any_of(zones.begin(), zones.end(), [](const ZoneInfo& z) { return z.node != 0; });
    for (const MemoryRows::Row& r : t.memory.rows()) {
        const ZoneInfo& zone = zones[r.zone];
        rows.push_back({{"zone", zone.name + (nodes ? " node " + std::to_string(zone.node) : "")}, {"start_pfn", r.start_pfn}, {"end_pfn", r.end_pfn}});
    }
    rows.push_back({{"zone", "other"}, {"start_pfn", nullptr}, {"end_pfn", nullptr}});
    for (size_t p = 0; p < s.profiles.size(); ++p) {
        json& by_row = walks[s.profiles[p].name] = json::array();
        for (size_t r = 0; r < t.memory.count(); ++r) by_row.push_back(bins_json(t.walks, t.row_of(p, r)));
    }
    return {{"first", t.first}, {"width", t.walks.width()}, {"rows", rows}, {"walks", walks}};
}

json timeline_json(const Timeline& t) {
    json lanes = json::array(), events = json::object();
    constexpr const char* names[happenings] = {"cr3_writes", "invlpg", "other_flushes", "page_faults"};
    for (size_t h = 0; h < happenings; ++h) events[names[h]] = bins_json(t.events, h);
    for (const SpanBlocks::Lane& l : t.spans.lanes()) {
        json blocks = json::array();
        for (const SpanBlocks::Block& b : l.blocks) blocks.push_back(json{b.begin, b.end, b.spans});
        const auto name = t.span_names.find(l.span);
        lanes.push_back({{"span", name == t.span_names.end() ? "span " + std::to_string(l.span) : name->second},
                         {"cpu", l.cpu}, {"blocks", blocks}});
    }
    return {{"first", t.first}, {"last", t.last}, {"width", t.events.width()}, {"events", events}, {"grain", t.spans.grain()}, {"spans", lanes},
            {"spans_left_out", t.spans.left_out()}};
}

json pages_json(const Statistics& s, const Reported& r) {
    json pages = json::array();
    for (const MissingPages::Page& page : r.timeline.pages.top(most_pages)) {
        const uint64_t linear = mm::address(page.page).raw;
        json walks = json::object();
        for (size_t p = 0; p < s.profiles.size(); ++p) walks[s.profiles[p].name] = page.walks[p];
        const bool user = page.region < s.run.regions.size() && s.run.regions[page.region].name == "user";
        const std::string symbol = user ? "" : r.symbols.at(static_cast<uint32_t>(linear));
        pages.push_back({{"linear", linear}, {"region", region_name(s, page.region)}, {"symbol", symbol}, {"walks", walks}});
    }
    return pages;
}

// Sizes that tell the curve: each up to 16, then eight for each doubling.
json curve_json(const MissCurve& c) {
    json entries = json::array(), misses = json::array();
    for (size_t n = 1, step = 1; n <= c.misses.size(); n += step) {
        entries.push_back(n), misses.push_back(c.misses[n - 1]);
        while (n >= 16 * step) step *= 2;
    }
    return {{"uses", c.uses}, {"entries", entries}, {"misses", misses}};
}

}  // namespace

size_t walk_columns(size_t recordings, size_t profiles) {
    size_t columns = 256;
    while (columns > 16 && recordings * profiles * MemoryRows::most_rows * columns > most_cells * 2) columns /= 2;
    return columns;
}

json report_json(const Report& report) {
    json recordings = json::array(), rankings = rankings_json(report.rankings, report.contestants);
    for (const Reported& r : report.recordings) {
        const Statistics& s = *r.statistics;
        json one{{"label", r.label}, {"directory", s.directory.filename().string()},
                 {"statistics", page_statistics(s, r.symbols)}, {"heat", heat_json(s, r.timeline)},
                 {"timeline", timeline_json(r.timeline)}, {"shares", {{"functions", s.functions.size()}, {"tasks", s.tasks.size()}}},
                 {"pages", pages_json(s, r)}, {"curves", nullptr}};
        if (r.curves) one["curves"] = {{"data", curve_json(r.curves->data)}, {"instruction", curve_json(r.curves->instruction)}};
        recordings.push_back(std::move(one));
    }
    for (json& ranking : rankings)
        for (json& standing : ranking["standings"]) standing.erase("depends_on");
    return {{"schema", report_schema}, {"zonescope", version()}, {"recordings", recordings}, {"ranking", rankings},
            {"left_out", report.left_out}};
}

}  // namespace tools
