// SPDX-License-Identifier: LGPL-2.1-or-later
// `stat` for people.
#include <cstdio>
#include <ostream>

#include "stat_output.hpp"
#include "text_table.hpp"

namespace tools {
namespace {

std::string hexadecimal(uint64_t v) {
    char text[24];
    std::snprintf(text, sizeof text, "%08llx", static_cast<unsigned long long>(v));
    return text;
}

std::string percent(uint64_t part, uint64_t whole) {
    char text[24];
    std::snprintf(text, sizeof text, "%.3f%%", whole ? 100.0 * static_cast<double>(part) / static_cast<double>(whole) : 0.0);
    return text;
}

void print_run(const Statistics& s, std::ostream& out) {
    const RunInfo& run = s.run;
    out << "run: " << (run.guest.empty() ? "guest unknown" : run.guest) << ", split " << (run.split.empty() ? "unknown" : run.split) << ", paging "
        << (run.paging.empty() ? "unknown" : run.paging) << ", " << grouped(run.memory_mib) << " MiB\n     " << grouped(s.total.events.instructions)
        << " instructions in " << grouped(s.last_tick) << " ticks; " << (run.complete ? "complete" : "cut off") << " (" << (run.reason == EndReason::running ? "Bochs was killed, or records still" : name(run.reason)) << ")\n";
    out << "trace: " << grouped(s.events) << " events, " << grouped(s.bytes) << " bytes";
    if (s.events) out << ", " << rounded(static_cast<double>(s.bytes) / static_cast<double>(s.events)) << " bytes an event";
    out << '\n';
    for (const std::string& warning : run.warnings) out << "warning: " << warning << '\n';
}

void print_observed(const ObservedStatistics& o, std::ostream& out) {
    out << "\nobserved: what the guest did, and what Bochs' own TLB (a host cache, no hardware) needed\n";
    TextTable table{{{"CR3 writes"}, {"INVLPG"}, {"page faults"}, {"fills read"}, {"write"}, {"execute"}, {"walk reads"}, {"walk writes"}, {"PDPTE loads"}}};
    table.row({grouped(o.cr3_writes), grouped(o.invlpg), grouped(o.page_faults), grouped(o.fills_read), grouped(o.fills_write),
               grouped(o.fills_execute), grouped(o.walk_reads), grouped(o.walk_writes), grouped(o.pdpte_loads)});
    table.print(out, 2);
}

// What the columns of refills mean; they sum to the walks.
constexpr char refill_columns[] = "refills: the flush that had dropped the page; other: a page fault, its first touch, or no room in the TLB";

void print_models(const Statistics& s, std::ostream& out) {
    out << "\nmodelled TLBs: lookups and misses; each miss is a page walk\n";
    TextTable lookups{{{"profile", Align::left}, {"ITLB lookups"}, {"misses"}, {"rate"}, {"DTLB lookups"}, {"misses"}, {"rate"}, {"walk reads"}, {"walk cycles"}}};
    TextTable causes{{{"profile", Align::left}, {"refills: context switch"}, {"split switch"}, {"INVLPG"}, {"other"}}};
    for (size_t p = 0; p < s.profiles.size(); ++p) {
        const ModelStatistics& m = s.models[p];
        const WalkCounts walks = s.total.profiles[p].total();
        const Refills r = refills_of(s.total.profiles[p].causes);
        lookups.row({s.profiles[p].name, grouped(m.instruction.lookups), grouped(m.instruction.misses), percent(m.instruction.misses, m.instruction.lookups),
                     grouped(m.data.lookups), grouped(m.data.misses), percent(m.data.misses, m.data.lookups), grouped(walks.all_reads()),
                     interval_text(walk_cycles(walks, s.profiles[p]))});
        causes.row({s.profiles[p].name, grouped(r.context_switch), grouped(r.split_switch), grouped(r.invlpg), grouped(r.other)});
    }
    lookups.print(out, 2);
    out << "  " << refill_columns << '\n';
    causes.print(out, 2);
}

void add_places(TextTable::Column first, TextTable::Column second, TextTable::Column third, const Statistics& s, const std::vector<PlaceStatistics>& places,
                const std::vector<std::vector<std::string>>& labels, std::ostream& out) {
    std::vector<TextTable::Column> columns{{std::move(first.title), Align::left}, std::move(second), std::move(third), {"Bochs fills"}};
    if (labels.front().size() == 4) columns.insert(columns.begin() + 3, {"pages present"});
    for (const Profile& p : s.profiles) columns.push_back({"walks " + p.name}), columns.push_back({"walk cycles " + p.name});
    TextTable table{columns};
    for (size_t i = 0; i < places.size(); ++i) {
        std::vector<std::string> row = labels[i];
        row.push_back(grouped(places[i].observed_fills));
        for (size_t p = 0; p < s.profiles.size(); ++p) {
            row.push_back(grouped(places[i].walks[p].walks));
            row.push_back(interval_text(walk_cycles(places[i].walks[p], s.profiles[p])));
        }
        table.row(row);
    }
    table.print(out, 2);
}

void print_zones(const Statistics& s, std::ostream& out) {
    out << "\nzones: walks by the zone of the page frame they ended at; other: MMIO, ROM, no zone, and walks that faulted\n";
    std::vector<std::vector<std::string>> labels;
    for (const ZoneInfo& z : s.run.zones) labels.push_back({z.name, grouped(z.start_pfn), grouped(z.end_pfn), grouped(z.present_pages)});
    labels.push_back({"other", "", "", ""});
    add_places({"zone"}, {"first frame"}, {"end frame"}, s, s.zones, labels, out);
}

void print_regions(const Statistics& s, std::ostream& out) {
    out << "\nregions: walks by linear address; other: no region, and walks that faulted\n";
    std::vector<std::vector<std::string>> labels;
    for (const RegionInfo& r : s.run.regions) labels.push_back({r.name, hexadecimal(r.start), hexadecimal(r.end)});
    labels.push_back({"other", "", ""});
    add_places({"region"}, {"start"}, {"end"}, s, s.regions, labels, out);
}

std::vector<std::string> walks_row(const std::string& name, const Activity& a, size_t p) {
    const Refills r = refills_of(a.profiles[p].causes);
    std::vector<std::string> row{name, grouped(r.context_switch), grouped(r.split_switch), grouped(r.invlpg), grouped(r.other)};
    for (const WalkCounts& w : a.profiles[p].by_zone) row.push_back(grouped(w.walks));
    return row;
}

// Two tables, so that each fits a terminal.
void print_spans(const Statistics& s, std::ostream& out) {
    constexpr char outside[] = "(outside spans)";
    for (size_t p = 0; p < s.profiles.size(); ++p) {
        const std::string& profile = s.profiles[p].name;
        TextTable costs{{{"span", Align::left}, {"count"}, {"instr. least"}, {"median"}, {"most"}, {"CR3 writes"}, {"cycles best (low-high)"}}};
        std::vector<TextTable::Column> columns{{"span", Align::left}, {"context switch"}, {"split switch"}, {"INVLPG"}, {"other"}};
        for (const ZoneInfo& z : s.run.zones) columns.push_back({"walks " + z.name});
        columns.push_back({"walks other"});
        TextTable walks{columns};
        for (const SpanStatistics& span : s.spans) {
            costs.row({span.name, grouped(span.count), grouped(span.least), grouped(span.median), grouped(span.most), grouped(span.sum.events.cr3_writes),
                       interval_text(s.cycles(span.sum, p))});
            walks.row(walks_row(span.name, span.sum, p));
        }
        costs.row({outside, "", "", "", "", grouped(s.outside.events.cr3_writes), interval_text(s.cycles(s.outside, p))});
        walks.row(walks_row(outside, s.outside, p));
        out << "\nspans, cycles by profile " << profile << ": sums over all instances, but the instructions of one (least, median, most)\n";
        costs.print(out, 2);
        out << "\nspans, walks of profile " << profile << ": by cause, then the same walks by zone; sums over all instances\n  " << refill_columns << '\n';
        walks.print(out, 2);
    }
}

}  // namespace

std::string interval_text(const Interval& cycles, uint64_t count) {
    const double n = count ? static_cast<double>(count) : 1.0;
    return rounded(cycles.best / n) + " (" + rounded(cycles.low / n) + "-" + rounded(cycles.high / n) + ")";
}

void print_statistics(const Statistics& s, std::ostream& out) {
    print_run(s, out);
    print_observed(s.observed, out);
    print_models(s, out);
    print_zones(s, out);
    print_regions(s, out);
    if (!s.spans.empty()) print_spans(s, out);
    out << "\ncycles: best (low-high), computed from the counts with the profile's figures; `zonescope profiles "
        << (s.profiles.empty() ? "p6" : s.profiles.front().name) << "`\nprints each with its source. ticks: instructions and idle time. More: man zonescope-stat.\n";
}

}  // namespace tools
