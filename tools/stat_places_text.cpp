// SPDX-License-Identifier: LGPL-2.1-or-later
// `stat` for people: zones of page frames, and regions of linear addresses.
#include <ostream>

#include "stat_output.hpp"
#include "text_table.hpp"

namespace tools {
namespace {

struct Labels {
    std::vector<TextTable::Column> columns;
    std::vector<std::vector<std::string>> rows;  // as the places
};

Labels zone_labels(const Statistics& s) {
    Labels labels{{{"zone", Align::left}, {"first frame"}, {"end frame"}, {"pages present"}}, {}};
    for (const ZoneInfo& z : s.run.zones) labels.rows.push_back({z.name, grouped(z.start_pfn), grouped(z.end_pfn), grouped(z.present_pages)});
    labels.rows.push_back({"other", "", "", ""});
    return labels;
}

Labels region_labels(const Statistics& s) {
    Labels labels{{{"region", Align::left}, {"start"}, {"end"}}, {}};
    for (const RegionInfo& r : s.run.regions) labels.rows.push_back({r.name, hexadecimal(r.start), hexadecimal(r.end)});
    labels.rows.push_back({"other", "", ""});
    return labels;
}

// With the only profile's walks, if there is one.
void print_each(const Statistics& s, const std::vector<PlaceStatistics>& places, Labels labels, std::ostream& out) {
    labels.columns.push_back({"Bochs fills"});
    if (s.profiles.size() == 1) labels.columns.insert(labels.columns.end(), {{"walks " + s.profiles[0].name}, {"walk cycles " + s.profiles[0].name}});
    TextTable table{labels.columns};
    for (size_t i = 0; i < places.size(); ++i) {
        std::vector<std::string> row = labels.rows[i];
        row.push_back(grouped(places[i].observed_fills));
        if (s.profiles.size() == 1) row.insert(row.end(), {grouped(places[i].walks[0].walks), interval_text(walk_cycles(places[i].walks[0], s.profiles[0]))});
        table.row(row);
    }
    table.print(out, 2);
}

// A row for each profile: walks to each place, then the walks' cycles.
template <class Name>
void print_profiles(const Statistics& s, const std::vector<PlaceStatistics>& places, Name&& name_of, std::ostream& out) {
    std::vector<TextTable::Column> columns{{"profile", Align::left}};
    for (size_t i = 0; i < places.size(); ++i) columns.push_back({(i ? "" : "walks ") + name_of(i)});
    for (size_t i = 0; i < places.size(); ++i) columns.push_back({(i ? "" : "cycles ") + name_of(i)});
    TextTable table{columns};
    for (size_t p = 0; p < s.profiles.size(); ++p) {
        std::vector<std::string> row{s.profiles[p].name};
        for (const PlaceStatistics& place : places) row.push_back(grouped(place.walks[p].walks));
        for (const PlaceStatistics& place : places) row.push_back(rounded(walk_cycles(place.walks[p], s.profiles[p]).best));
        table.row(row);
    }
    table.print(out, 2);
}

}  // namespace

void print_places(const Statistics& s, std::ostream& out) {
    out << "\nzones: walks by the zone of the page frame they ended at; other: MMIO, ROM, no zone, and walks that faulted\n";
    print_each(s, s.zones, zone_labels(s), out);
    if (s.profiles.size() > 1) print_profiles(s, s.zones, [&](size_t z) { return zone_name(s, z); }, out);
    out << "\nregions: walks by linear address; other: no region, and walks that faulted\n";
    print_each(s, s.regions, region_labels(s), out);
    if (s.profiles.size() > 1) print_profiles(s, s.regions, [&](size_t r) { return region_name(s, r); }, out);
}

}  // namespace tools
