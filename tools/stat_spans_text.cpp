// SPDX-License-Identifier: LGPL-2.1-or-later
// `stat` for people: measured operations.
#include <ostream>

#include "stat_output.hpp"
#include "text_table.hpp"

namespace tools {
namespace {

constexpr char outside[] = "(outside spans)";

std::vector<std::string> walks_row(const std::string& name, const Activity& a, const std::vector<mm::RefillCause>& causes) {
    std::vector<std::string> row{name};
    for (const mm::RefillCause c : causes) row.push_back(grouped(of(a.profiles[0].causes, c)));
    for (const uint64_t walks : a.profiles[0].by_zone) row.push_back(grouped(walks));
    return row;
}

// Two tables, so that each fits a terminal.
void print_one_profile(const Statistics& s, std::ostream& out) {
    const std::vector<mm::RefillCause> causes = causes_in(s);
    TextTable costs{{{"span", Align::left}, {"count"}, {"instr. least"}, {"median"}, {"most"}, {"CR3 writes"}, {"cycles best (low-high)"}}};
    std::vector<TextTable::Column> columns{{"span", Align::left}};
    for (const mm::RefillCause c : causes) columns.push_back({title(c)});
    for (size_t z = 0; z < s.zones.size(); ++z) columns.push_back({(z ? "" : "zone ") + zone_name(s, z)});
    TextTable walks{columns};
    for (const SpanStatistics& span : s.spans) {
        costs.row({span.name, grouped(span.count), grouped(span.least), grouped(span.median), grouped(span.most), grouped(span.sum.events.cr3_writes),
                   cycles_text(s, span.sum, 0)});
        walks.row(walks_row(span.name, span.sum, causes));
    }
    costs.row({outside, "", "", "", "", grouped(s.outside.events.cr3_writes), interval_text(s.cycles(s.outside, 0))});
    walks.row(walks_row(outside, s.outside, causes));
    const std::string& profile = s.profiles[0].name;
    out << "\nspans, cycles by profile " << profile << ": sums over all instances, but the instructions of one (least, median, most)\n";
    costs.print(out, 2);
    out << "\nspans, walks of profile " << profile << ": by cause, then the same walks by zone; sums over all instances\n";
    walks.print(out, 2);
}

void print_several_profiles(const Statistics& s, std::ostream& out) {
    out << "\nspans: instructions of one instance (median), and its cycles by each profile, on average and by best figures\n";
    std::vector<TextTable::Column> columns{{"span", Align::left}, {"count"}, {"instr."}};
    for (const Profile& p : s.profiles) columns.push_back({p.name});
    TextTable table{columns};
    bool all_can = true;
    for (const SpanStatistics& span : s.spans) {
        std::vector<std::string> row{span.name, grouped(span.count), grouped(span.median)};
        for (size_t p = 0; p < s.profiles.size(); ++p) {
            const bool can = s.can_execute(span.sum, p);
            row.push_back(can ? rounded(s.cycles(span.sum, p).best / static_cast<double>(span.count)) : "-");
            all_can &= can;
        }
        table.row(row);
    }
    table.print(out, 2);
    if (!all_can) out << "  -: " << not_on_this_cpu << ", which has no SYSENTER\n";
}

}  // namespace

void print_spans(const Statistics& s, std::ostream& out) { s.profiles.size() == 1 ? print_one_profile(s, out) : print_several_profiles(s, out); }

}  // namespace tools
