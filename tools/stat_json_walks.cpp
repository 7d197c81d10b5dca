// SPDX-License-Identifier: LGPL-2.1-or-later
// `stat --json`: what walks read, and what flushes were good for.
#include <nlohmann/json.hpp>

#include "stat_output.hpp"
#include "useless_cycles.hpp"

namespace tools {
namespace {

using json = nlohmann::ordered_json;

json places_json(const uint64_t* segments, const Profile& p) {
    uint64_t found[line_places]{};
    for (unsigned i = 0; i < LineRecency::max_segments; ++i)
        if (segments[i]) found[static_cast<size_t>(best_place(i, p))] += segments[i];
    return {{"l1", found[0]}, {"l2", found[1]}, {"memory", found[2]}};
}

constexpr const char* useless_names[useless_kinds] = {"not_cached", "same_value", "nothing_dropped", "nothing_refilled"};

json report_json(const FlushReport& r, const Profile& p, const Symbols& symbols) {
    constexpr const char* instructions[] = {"invlpg", "cr3_write", "other"};
    json object{{"invlpg", r.executed(FlushKind::invlpg)}, {"cr3_writes", r.executed(FlushKind::cr3_write)}};
    for (size_t u = 0; u < useless_kinds; ++u) {
        const auto kind = static_cast<Useless>(u);
        object[useless_names[u]] = {{"count", r.useless(kind)}, {"cycles", interval_json(useless_cycles(r, kind, p))}};
    }
    json& sites = object["sites"] = json::array();
    for (const FlushSite& s : r.sites) {
        json site{{"ip", s.ip}, {"symbol", symbols.at(s.ip)}, {"instruction", instructions[static_cast<size_t>(s.kind)]}, {"executed", s.executed}, {"refills", s.refills}};
        for (size_t u = 0; u < useless_kinds; ++u) site[useless_names[u]] = s.useless[u];
        sites.push_back(std::move(site));
    }
    return object;
}

}  // namespace

json walk_levels_json(const Statistics& s, size_t p) {
    const WalkLevels& levels = s.models[p].levels;
    json directory{{"pde_cache", levels.directory_cached}};
    directory.update(places_json(levels.directory, s.profiles[p]));
    return {{"directory", directory}, {"table", places_json(levels.table, s.profiles[p])}, {"pdpte_loads", 4 * s.total.events.pdpte_loads},
            {"pdpte_load_cycles", interval_json(s.total.events.pdpte_loads * s.profiles[p].pdpte_load)}};
}

json useless_flushes_json(const Statistics& s, const Symbols& symbols) {
    json by_profile = json::object();
    for (size_t p = 0; p < s.flushes.size(); ++p) by_profile[s.profiles[p].name] = report_json(s.flushes[p], s.profiles[p], symbols);
    return by_profile;
}

}  // namespace tools
