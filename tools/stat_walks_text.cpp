// SPDX-License-Identifier: LGPL-2.1-or-later
// `stat` for people: why there were page walks, and where they found the entries.
#include <ostream>

#include "stat_output.hpp"
#include "text_table.hpp"

namespace tools {
namespace {

constexpr char causes_mean[] =
    "first touch: not cached before; evicted: pushed out of a full TLB or set; fault: the walk faulted;\n"
    "  all others: the flush that had dropped the page, and so made the walk necessary";

// A row for each profile, a column for each cause.
void print_causes_of_profiles(const Statistics& s, const std::vector<mm::RefillCause>& causes, std::ostream& out) {
    std::vector<TextTable::Column> columns{{"profile", Align::left}, {"walks"}};
    for (const mm::RefillCause c : causes) columns.push_back({title(c)});
    TextTable table{columns};
    for (size_t p = 0; p < s.profiles.size(); ++p) {
        std::vector<std::string> row{s.profiles[p].name, grouped(s.total.profiles[p].walks.walks)};
        for (const mm::RefillCause c : causes) row.push_back(grouped(of(s.total.profiles[p].causes, c)));
        table.row(row);
    }
    table.print(out, 2);
}

// Of the only profile: a row for each cause, a column for each place.
template <class Name>
void print_causes_by_place(const Statistics& s, const std::vector<mm::RefillCause>& causes, const std::vector<PlaceStatistics>& places, const char* kind,
                           Name&& name_of, std::ostream& out) {
    const uint64_t walks = s.total.profiles[0].walks.walks;
    std::vector<TextTable::Column> columns{{"cause", Align::left}, {"walks"}, {"share"}};
    for (size_t i = 0; i < places.size(); ++i) columns.push_back({(i == 0 ? std::string{kind} + " " : "") + name_of(i)});
    TextTable table{columns};
    for (const mm::RefillCause c : causes) {
        const uint64_t n = of(s.total.profiles[0].causes, c);
        std::vector<std::string> row{title(c), grouped(n), percent(n, walks)};
        for (const PlaceStatistics& place : places) row.push_back(grouped(of(place.causes[0], c)));
        table.row(row);
    }
    table.print(out, 2);
}

uint64_t found(const uint64_t* segments, const Profile& p, LinePlace where) {
    uint64_t sum = 0;
    for (unsigned i = 0; i < LineRecency::max_segments; ++i)
        if (segments[i] && best_place(i, p) == where) sum += segments[i];
    return sum;
}

void print_levels(const Statistics& s, std::ostream& out) {
    out << "\nentries that the walks needed, and where they were found, by best figures: PDE cache (no read), the CPU's caches, memory\n";
    TextTable table{{{"profile", Align::left}, {"directory: PDE cache"}, {"L1"}, {"L2"}, {"memory"}, {"table: L1"}, {"L2"}, {"memory"}, {"PDPTE loads"}, {"cycles"}}};
    for (size_t p = 0; p < s.profiles.size(); ++p) {
        const WalkLevels& levels = s.models[p].levels;
        const Profile& profile = s.profiles[p];
        std::vector<std::string> row{profile.name, profile.pde_cache.exists() ? grouped(levels.directory_cached) : "-"};
        for (const uint64_t* level : {levels.directory, levels.table})
            for (const LinePlace where : {LinePlace::l1, LinePlace::l2, LinePlace::memory}) row.push_back(grouped(found(level, profile, where)));
        const uint64_t loads = s.total.events.pdpte_loads;
        row.insert(row.end(), {grouped(loads), interval_text(loads * profile.pdpte_load)});
        table.row(row);
    }
    table.print(out, 2);
}

}  // namespace

void print_walks(const Statistics& s, std::ostream& out) {
    const std::vector<mm::RefillCause> causes = causes_in(s);
    if (causes.empty()) return;
    out << "\nwho pays for the page walks: walks by cause\n  " << causes_mean << '\n';
    if (s.profiles.size() == 1) {
        print_causes_by_place(s, causes, s.zones, "zone", [&](size_t z) { return zone_name(s, z); }, out);
        print_causes_by_place(s, causes, s.regions, "region", [&](size_t r) { return region_name(s, r); }, out);
    } else {
        print_causes_of_profiles(s, causes, out);
    }
    print_levels(s, out);
}

}  // namespace tools
