// SPDX-License-Identifier: LGPL-2.1-or-later
// `stat` for people: useless flushes, and the instructions that make them.
#include <algorithm>
#include <ostream>

#include "stat_output.hpp"
#include "text_table.hpp"
#include "useless_cycles.hpp"

namespace tools {
namespace {

constexpr size_t most_sites = 10;
constexpr Useless kinds[] = {Useless::not_cached, Useless::same_value, Useless::nothing_dropped, Useless::nothing_refilled};

uint64_t all_useless(const FlushSite& s) {
    uint64_t sum = 0;
    for (const uint64_t n : s.useless) sum += n;
    return sum;
}

const char* instruction(FlushKind kind) {
    constexpr const char* names[] = {"INVLPG", "MOV CR3", "CR0/CR4/task"};
    return names[static_cast<size_t>(kind)];
}

void print_kinds(const Statistics& s, std::ostream& out) {
    std::vector<TextTable::Column> columns{{"profile", Align::left}, {"INVLPG"}, {"uncached"}, {"missed none"}, {"CR3 writes"}, {"same value"},
                                           {"dropped none"}, {"missed none"}, {"cycles of these"}};
    TextTable table{columns};
    for (size_t p = 0; p < s.profiles.size(); ++p) {
        const FlushReport& r = s.flushes[p];
        table.row({s.profiles[p].name, grouped(r.executed(FlushKind::invlpg)), grouped(r.useless(Useless::not_cached)),
                   grouped(r.useless(Useless::nothing_refilled, FlushKind::invlpg)), grouped(r.executed(FlushKind::cr3_write)),
                   grouped(r.useless(Useless::same_value)), grouped(r.useless(Useless::nothing_dropped)),
                   grouped(r.useless(Useless::nothing_refilled, FlushKind::cr3_write)), interval_text(useless_cycles(r, s.profiles[p]))});
    }
    table.print(out, 2);
}

void print_sites(const FlushReport& report, const Symbols& symbols, std::ostream& out) {
    std::vector<FlushSite> sites = report.sites;
    std::stable_sort(sites.begin(), sites.end(), [](const FlushSite& a, const FlushSite& b) { return all_useless(a) > all_useless(b); });
    while (!sites.empty() && all_useless(sites.back()) == 0) sites.pop_back();
    if (sites.empty()) return;
    out << "  by instruction" << (sites.size() > most_sites ? ", the " + std::to_string(most_sites) + " with most of " + std::to_string(sites.size()) : std::string{})
        << "; refills: walks for what it had dropped\n";
    if (sites.size() > most_sites) sites.resize(most_sites, sites.front());
    TextTable table{{{"address", Align::left}, {"instruction", Align::left}, {"executed"}, {"refills"}, {"uncached"}, {"same value"}, {"dropped none"},
                     {"missed none"}, {"in", Align::left}}};
    for (const FlushSite& site : sites) {
        std::vector<std::string> row{hexadecimal(site.ip), instruction(site.kind), grouped(site.executed), grouped(site.refills)};
        for (const Useless u : kinds) row.push_back(grouped(site.useless[static_cast<size_t>(u)]));
        row.push_back(symbols.at(site.ip));
        table.row(row);
    }
    table.print(out, 2);
}

}  // namespace

void print_useless_flushes(const Statistics& s, const Symbols& symbols, std::ostream& out) {
    if (s.flushes.empty() || std::all_of(s.flushes.begin(), s.flushes.end(), [](const FlushReport& r) { return r.sites.empty(); })) return;
    out << "\nuseless flushes, with paging on. uncached: INVLPG of a page that no TLB held; same value: CR3 written with what\n"
           "  it was; dropped none: the TLBs held nothing to drop; missed none: no page that it dropped was walked for again\n";
    print_kinds(s, out);
    if (s.profiles.size() == 1) print_sites(s.flushes[0], symbols, out);
}

}  // namespace tools
