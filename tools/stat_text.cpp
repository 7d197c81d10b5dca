// SPDX-License-Identifier: LGPL-2.1-or-later
// `stat` for people.
#include <algorithm>
#include <ostream>

#include "command_line.hpp"
#include "oddities.hpp"
#include "stat_output.hpp"
#include "text_table.hpp"

namespace tools {
namespace {

constexpr unsigned text_width = 116;

void print_run(const Statistics& s, std::ostream& out) {
    const RunInfo& run = s.run;
    const uint64_t start = run.start ? std::min(run.start->ticks, s.last_tick) : 0;
    out << "run: " << (run.guest.empty() ? "guest unknown" : run.guest) << ", split " << (run.split.empty() ? "unknown" : run.split) << ", paging "
        << (run.paging.empty() ? "unknown" : run.paging) << ", " << grouped(run.memory_mib) << " MiB\n     " << grouped(s.total.events.instructions)
        << " instructions in " << grouped(s.last_tick - start) << " ticks; " << (run.complete ? "complete" : "cut off") << " (" << (run.reason == EndReason::running ? "Bochs was killed, or records still" : name(run.reason)) << ")\n";
    if (run.start && run.start->met)
        out << "     recorded from " << run.start->mark << " on: " << grouped(run.start->instructions) << " instructions and " << grouped(run.start->ticks) << " ticks after power-on\n";
    if (!run.resumed_from.empty()) out << "     resumed from " << run.resumed_from << '\n';
    if (run.start && !run.start->met) out << "     nothing is recorded: the guest never came to " << run.start->mark << '\n';
    if (run.until) out << "     " << (run.until->met ? "ended at " : "never came to ") << run.until->mark << '\n';
    out << "trace: " << grouped(s.events) << " events, " << grouped(s.bytes) << " bytes";
    if (s.events) out << ", " << rounded(static_cast<double>(s.bytes) / static_cast<double>(s.events)) << " bytes an event";
    out << '\n';
    if (!s.stale.empty())
        out << s.stale.size() << (s.stale.size() == 1 ? " missing flush: see" : " missing flushes: see") << " `zonescope stale DIR`\n";
    for (const std::string& warning : run.warnings) out << "warning: " << warning << '\n';
    for (const OddityInfo& oddity : run.oddities) out << oddity_line(oddity) << '\n';
}

void print_observed(const ObservedStatistics& o, std::ostream& out) {
    out << "\nobserved: what the guest did, and what Bochs' own TLB (a host cache, no hardware) needed\n";
    TextTable table{{{"CR3 writes"}, {"INVLPG"}, {"page faults"}, {"fills read"}, {"write"}, {"execute"}, {"walk reads"}, {"walk writes"}, {"PDPTE loads"}}};
    table.row({grouped(o.cr3_writes), grouped(o.invlpg), grouped(o.page_faults), grouped(o.fills_read), grouped(o.fills_write),
               grouped(o.fills_execute), grouped(o.walk_reads), grouped(o.walk_writes), grouped(o.pdpte_loads)});
    table.print(out, 2);
}

// The cycles of everything leave out what a CPU has not got.
void print_missing(const Statistics& s, std::ostream& out) {
    std::vector<std::string> names;
    for (size_t p = 0; p < s.profiles.size(); ++p)
        if (!s.can_execute(s.total, p)) names.push_back(s.profiles[p].name);
    if (names.empty()) return;
    const EventCounts& e = s.total.events;
    out << "  " << wrapped(not_on_this_cpu + std::string{": SYSENTER and SYSEXIT, of "} + join(names) + "; everything is without the " +
                               grouped(e.fast_calls + e.fast_returns) + " that were executed", text_width, 4) << '\n';
}

void print_models(const Statistics& s, std::ostream& out) {
    out << "\nmodelled TLBs: lookups, and misses of the first level; a miss that no second level serves is a page walk.\n"
           "  ITLB lookups are made when the page fetched from changes, DTLB lookups by each access: do not compare their rates\n";
    TextTable lookups{{{"profile", Align::left}, {"ITLB lookups"}, {"misses"}, {"of page changes"}, {"DTLB lookups"}, {"misses"}, {"of accesses"}, {"2nd level hits"}}};
    TextTable walks{{{"profile", Align::left}, {"page walks"}, {"entries read"}, {"cycles of the walks"}, {"cycles of everything"}}};
    for (size_t p = 0; p < s.profiles.size(); ++p) {
        const ModelStatistics& m = s.models[p];
        const WalkCounts& all = s.total.profiles[p].walks;
        const std::string& name = s.profiles[p].name;
        lookups.row({name, grouped(m.instruction.lookups), grouped(m.instruction.misses), percent(m.instruction.misses, m.instruction.lookups),
                     grouped(m.data.lookups), grouped(m.data.misses), percent(m.data.misses, m.data.lookups),
                     has_second_level(s.profiles[p]) ? grouped(m.instruction.misses + m.data.misses - all.walks) : "-"});
        walks.row({name, grouped(all.walks), grouped(all.all_reads()), interval_text(walk_cycles(all, s.profiles[p])), interval_text(s.cycles(s.total, p))});
    }
    lookups.print(out, 2);
    walks.print(out, 2);
    print_missing(s, out);
}

}  // namespace

void print_statistics(const Statistics& s, const Symbols& symbols, std::ostream& out) {
    print_run(s, out);
    print_observed(s.observed, out);
    print_long_mode(s, out);
    print_models(s, out);
    print_walks(s, out);
    print_places(s, out);
    print_shares(s, out);
    if (!s.spans.empty()) print_spans(s, out);
    print_useless_flushes(s, symbols, out);
    out << '\n';
    if (s.profiles.size() > 1)
        out << "one profile in full, causes by zone and region, every span: zonescope stat --profile " << s.profiles.front().name << " DIR\n";
    out << "cycles: best (low-high), computed from the counts with the profile's figures; `zonescope profiles "
        << (s.profiles.empty() ? "p6" : s.profiles.front().name) << "`\nprints each with its source. ticks: instructions and idle time. More: man zonescope-stat.\n";
}

}  // namespace tools
