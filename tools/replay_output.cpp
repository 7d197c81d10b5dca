// SPDX-License-Identifier: LGPL-2.1-or-later
// Tables and JSON of a replay, the miss-ratio curve among them.
#include "replay_output.hpp"

#include <cstdio>
#include <ostream>

#include <nlohmann/json.hpp>

#include "stat_output.hpp"
#include "text_table.hpp"

namespace tools {
namespace {

using json = nlohmann::ordered_json;

constexpr unsigned bar_width = 40;

uint64_t flushed(const CauseCounts& c) {
    const Refills r = refills_of(c);
    return r.context_switch + r.split_switch + r.invlpg;
}

std::string ratio_text(uint64_t misses, uint64_t uses) {
    char text[24];
    std::snprintf(text, sizeof text, "%.4f%%", uses ? 100.0 * static_cast<double>(misses) / static_cast<double>(uses) : 0.0);
    return text;
}

// A bar for each side, of the largest ratio in the table.
void print_curves(const ReplayResult::Curves& curves, std::ostream& out) {
    out << "\nmiss ratio of a fully associative TLB that replaces the least recently used page, by its size; with every flush, global pages kept\n";
    TextTable table{{{"entries"}, {"data misses"}, {"ratio"}, {"", Align::left}, {"instruction misses"}, {"ratio"}, {"", Align::left}}};
    const auto bar = [](const MissCurve& c, uint64_t misses) {
        const uint64_t most = c.misses[3];  // of four entries: the smallest that any processor has
        const uint64_t cells = most ? misses * bar_width / most : 0;
        return cells > bar_width ? std::string(bar_width, '#') + "+" : std::string(cells, '#');
    };
    for (unsigned entries = 4; entries <= StackDistances::most_entries; entries *= 2) {
        std::vector<std::string> row{grouped(entries)};
        for (const MissCurve* c : {&curves.data, &curves.instruction}) {
            const uint64_t misses = c->misses[entries - 1];
            row.insert(row.end(), {grouped(misses), ratio_text(misses, c->uses), bar(*c, misses)});
        }
        table.row(row);
    }
    table.print(out, 2);
}

json curve_json(const MissCurve& c) { return {{"uses", c.uses}, {"misses", c.misses}}; }

}  // namespace

void MissCurve::add(const StackDistances& d) {
    uses += d.uses();
    for (unsigned n = 0; n < misses.size(); ++n) misses[n] += d.misses(n + 1);
}

void print_replay(const ReplayResult& r, std::ostream& out) {
    out << grouped(r.references) << " lookups replayed";
    if (r.unknown) out << ", " << grouped(r.unknown) << " of them of pages that no recorded walk had found";
    out << "\n\n";
    TextTable table{{{"profile", Align::left}, {"fetches: misses"}, {"ratio"}, {"data: misses"}, {"ratio"}, {"second level"}, {"walks"}, {"after flushes"}, {"walk cycles"}}};
    for (size_t p = 0; p < r.profiles.size(); ++p) {
        const ReplayCounts& c = r.counts[p];
        table.row({r.profiles[p].name, grouped(c.instruction.misses), ratio_text(c.instruction.misses, c.instruction.lookups), grouped(c.data.misses),
                   ratio_text(c.data.misses, c.data.lookups), grouped(c.walks.second_hits), grouped(c.walks.walks), grouped(flushed(c.causes)),
                   interval_text(walk_cycles(c.walks, r.profiles[p]))});
    }
    table.print(out);
    out << "  misses: of the first level; second level: those that it served; after flushes: walks for pages that a CR3 write or an INVLPG had dropped\n";
    if (r.curves) print_curves(*r.curves, out);
}

json replay_json(const ReplayResult& r) {
    json models = json::array();
    for (size_t p = 0; p < r.profiles.size(); ++p) {
        const ReplayCounts& c = r.counts[p];
        const auto side = [](const mm::LookupCounts& l) { return json{{"lookups", l.lookups}, {"misses", l.misses}, {"walks", l.walks}}; };
        models.push_back({{"profile", r.profiles[p].name}, {"itlb", side(c.instruction)}, {"dtlb", side(c.data)}, {"second_level_hits", c.walks.second_hits},
                          {"walks", c.walks.walks}, {"walk_reads", c.walks.all_reads()}, {"walk_cycles", interval_json(walk_cycles(c.walks, r.profiles[p]))},
                          {"causes", causes_json(c.causes)}});
    }
    json document{{"schema", stat_schema}, {"lookups", r.references}, {"unknown", r.unknown}, {"models", models}};
    if (r.curves) document["curve"] = {{"instruction", curve_json(r.curves->instruction)}, {"data", curve_json(r.curves->data)}};
    return document;
}

}  // namespace tools
