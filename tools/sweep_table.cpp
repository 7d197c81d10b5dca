// SPDX-License-Identifier: LGPL-2.1-or-later
// Renders the table of a sweep.
#include "sweep_table.hpp"

#include <algorithm>
#include <map>
#include <istream>
#include <ostream>

#include "command_line.hpp"
#include "ranking.hpp"
#include "stat_names.hpp"
#include "terminal.hpp"
#include "text_table.hpp"

namespace tools {
namespace {

constexpr unsigned text_width = 116;
constexpr char none[] = "-";

const SpanStatistics* find_span(const Statistics& s, const std::string& name) {
    const auto at = std::find_if(s.spans.begin(), s.spans.end(), [&](const SpanStatistics& span) { return span.name == name; });
    return at == s.spans.end() ? nullptr : &*at;
}

// Every workload that any cell measured, in the guest's order.
std::vector<std::string> workloads_of(const std::vector<SweepRow>& rows) {
    std::vector<std::string> names;
    for (const SweepRow& row : rows)
        for (const SpanInfo& span : row.statistics.run.spans) {
            const bool measured = std::any_of(rows.begin(), rows.end(), [&](const SweepRow& r) { return find_span(r.statistics, span.name); });
            if (measured && std::find(names.begin(), names.end(), span.name) == names.end()) names.push_back(span.name);
        }
    return names;
}

std::vector<std::string> zones_of(const std::vector<SweepRow>& rows) {
    std::vector<std::string> names;
    for (const SweepRow& row : rows)
        for (const ZoneInfo& z : row.statistics.run.zones)
            if (std::find(names.begin(), names.end(), z.name) == names.end()) names.push_back(z.name);
    return names;
}

std::string per_operation(uint64_t sum, uint64_t count) { return count ? rounded(static_cast<double>(sum) / static_cast<double>(count)) : none; }

uint64_t walks_in(const Statistics& s, const Activity& a, const std::string& zone) {
    uint64_t walks = 0;  // zones of several nodes may share a name
    for (size_t z = 0; z < s.run.zones.size(); ++z)
        if (s.run.zones[z].name == zone) walks += a.profiles[0].by_zone[z];
    return walks;
}

void print_zones(const std::vector<SweepRow>& rows, const std::vector<std::string>& zones, std::ostream& out) {
    out << bold("Zones, in pages of 4 KiB (holes included)") << '\n';
    std::vector<TextTable::Column> columns{{"split", Align::left}, {"memory"}};
    for (const std::string& z : zones) columns.push_back({z});
    columns.push_back({"kernel's direct map ends at"});
    TextTable table{columns};
    for (const SweepRow& row : rows) {
        const RunInfo& run = row.statistics.run;
        std::vector<std::string> cells{row.label, grouped(run.memory_mib) + " MiB"};
        uint64_t direct_end = 0;
        for (const std::string& name : zones) {
            const auto zone = std::find_if(run.zones.begin(), run.zones.end(), [&](const ZoneInfo& z) { return z.name == name; });
            cells.push_back(zone == run.zones.end() ? none : grouped(zone->end_pfn - zone->start_pfn));
            if (zone != run.zones.end() && name != "HIGHMEM") direct_end = std::max(direct_end, zone->end_pfn);
        }
        cells.push_back(grouped(direct_end >> 8) + " MiB");
        table.row(cells);
    }
    table.print(out, 2);
}

std::vector<std::string> measured_cells(const Statistics& s, const SpanStatistics& span, const std::vector<std::string>& zones) {
    const Refills refills = refills_of(span.sum.profiles[0].causes);
    const Interval cycles = s.cycles(span.sum, 0);
    const double n = static_cast<double>(span.count);
    const bool can = s.can_execute(span.sum, 0);
    std::vector<std::string> cells{grouped(span.median), can ? rounded(cycles.best / n) : not_on_this_cpu,
                                   can ? rounded(cycles.low / n) + "-" + rounded(cycles.high / n) : "",
                                   per_operation(span.sum.events.cr3_writes, span.count),
                                   per_operation(refills.context_switch + refills.split_switch, span.count)};
    for (const std::string& z : zones) cells.push_back(per_operation(walks_in(s, span.sum, z), span.count));
    cells.push_back(per_operation(span.sum.profiles[0].by_zone.back(), span.count));
    return cells;
}

void print_workloads(const std::vector<SweepRow>& rows, const std::vector<std::string>& zones, std::ostream& out) {
    if (workloads_of(rows).empty()) return;
    const std::string profile = rows.front().statistics.profiles.front().name;
    out << '\n' << bold("Workloads: each value is for one operation, the average over its repetitions; instructions: the median; by profile " + profile) << '\n';
    std::vector<TextTable::Column> columns{{"workload", Align::left}, {"split", Align::left}, {"instructions"}, {"cycles"}, {"(low-high)"}, {"CR3 writes"}, {"refills"}};
    for (const std::string& z : zones) columns.push_back({&z == &zones.front() ? "walks " + z : z});
    columns.push_back({"other"});
    TextTable table{columns};
    for (const std::string& workload : workloads_of(rows)) {
        bool first = true;
        for (const SweepRow& row : rows) {
            std::vector<std::string> cells{first ? workload : "", row.label};
            const SpanStatistics* const span = find_span(row.statistics, workload);
            const auto values = span ? measured_cells(row.statistics, *span, zones) : std::vector<std::string>(columns.size() - 2, none);
            cells.insert(cells.end(), values.begin(), values.end());
            table.row(cells);
            first = false;
        }
    }
    table.print(out, 2);
}

// Which workloads a cell did not measure, and why.
void print_skipped(const std::vector<SweepRow>& rows, std::ostream& out) {
    for (const SweepRow& row : rows) {
        std::map<std::string, std::vector<std::string>> by_reason;
        for (const std::string& workload : workloads_of(rows)) {
            if (find_span(row.statistics, workload)) continue;
            const auto reason = row.skipped.find(workload);
            by_reason[reason == row.skipped.end() ? "was not run" : reason->second].push_back(workload);
        }
        for (const auto& [reason, workloads] : by_reason)
            out << "  " << wrapped(std::string{none} + " at " + row.label + ": " + join(workloads) + ": " + reason, text_width, 4) << '\n';
    }
}

void print_meanings(const std::vector<SweepRow>& rows, std::ostream& out) {
    const std::string profile = rows.front().statistics.profiles.empty() ? "p6" : rows.front().statistics.profiles.front().name;
    out << '\n' << bold("What the columns mean") << '\n';
    constexpr unsigned name_width = 20;
    const std::vector<std::pair<std::string, std::string>> meanings{
        {"split", "user:kernel share of the 4 GiB of linear addresses; 4:4 gives each its own page tables"},
        {"instructions", "executed from the operation's begin to its end, in both rings; repetitions of REP count each"},
        {"cycles (low-high)", "by profile " + profile + ": instructions, page walks, CR3 writes, INVLPG, interrupts and IRETs times their cost; the interval comes from the costs' own"},
        {"CR3 writes", "each drops every TLB entry that is not global"},
        {"refills", "page walks for pages that a CR3 write had dropped from the TLB: the price that a flush leaves behind"},
        {"walks DMA ... other", "all page walks (TLB misses), by the zone of the page they found; other: walks that ended in a page fault, MMIO, ROM"}};
    for (const auto& [name, meaning] : meanings)
        out << "  " << name << std::string(name_width - name.size(), ' ') << wrapped(meaning, text_width - name_width, name_width + 2) << '\n';
    out << '\n' << bold("Read on") << '\n';
    TextTable hints{{{"", Align::left}, {"", Align::left}}, TextTable::Titles::none};
    hints.row({"zonescope stat " + rows.front().statistics.directory.string(), "one recording in full: TLBs, zones, regions, spans"});
    hints.row({"zonescope profiles " + profile, "every cost with its source, or 'assumed'"});
    hints.row({"man zonescope-sweep", "how the cycles are computed, and what they leave out (doc/timing-model.md)"});
    hints.print(out, 2);
}

void print_ranking(const std::vector<SweepRow>& rows, std::ostream& out) {
    std::vector<Contestant> contestants;
    for (const SweepRow& row : rows) contestants.push_back({row.label, &row.statistics});
    print_rankings(rank(contestants), contestants, out);
}

}  // namespace

std::map<std::string, std::string> skipped_workloads(std::istream& console) {
    constexpr char head[] = "workload ", middle[] = " skipped: ";
    std::map<std::string, std::string> skipped;
    for (std::string line; std::getline(console, line);) {
        const size_t at = line.find(middle);
        if (line.rfind(head, 0) != 0 || at == std::string::npos) continue;
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
        const size_t name = sizeof head - 1;
        skipped[line.substr(name, at - name)] = line.substr(at + sizeof middle - 1);
    }
    return skipped;
}

void print_sweep(const std::vector<SweepRow>& rows, std::ostream& out) {
    if (rows.empty()) return;
    const std::vector<std::string> zones = zones_of(rows);
    print_zones(rows, zones, out);
    print_workloads(rows, zones, out);
    print_skipped(rows, out);
    if (rows.size() > 1 && !rows.front().statistics.profiles.empty()) print_ranking(rows, out);
    const auto at_split = [&](const char* split) {
        const auto row = std::find_if(rows.begin(), rows.end(), [&](const SweepRow& r) { return r.statistics.run.split == split; });
        return row == rows.end() ? nullptr : &row->statistics;
    };
    if (const Statistics *three_one = at_split("3:1"), *four_four = at_split("4:4"); three_one && four_four)
        if (const std::string text = explain_four_four(*three_one, *four_four); !text.empty())
            out << '\n' << bold("Why the null system call is dearer at 4:4") << '\n' << text;
    print_meanings(rows, out);
}

}  // namespace tools
