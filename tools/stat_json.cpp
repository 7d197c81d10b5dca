// SPDX-License-Identifier: LGPL-2.1-or-later
// `stat --json` and `stat --csv`.
#include <cmath>

#include <nlohmann/json.hpp>

#include "stale_output.hpp"
#include "stat_output.hpp"

namespace tools {
namespace {

using json = nlohmann::ordered_json;

// Whole numbers are printed as such; JSON has no infinity.
json number(double v) {
    if (!std::isfinite(v)) return nullptr;
    if (v == std::floor(v) && std::abs(v) < 9007199254740992.0) return static_cast<int64_t>(v);
    return v;
}

json refills(const CauseCounts& causes) {
    const Refills r = refills_of(causes);
    return {{"context_switch", r.context_switch}, {"split_switch", r.split_switch}, {"invlpg", r.invlpg}, {"other", r.other}};
}

// What `other` of the refills is made of.
json other_refills(const CauseCounts& causes) {
    using enum mm::RefillCause;
    return {{"control", of(causes, control)}, {"page_fault", of(causes, page_fault)}, {"smm", of(causes, smm)}, {"kmap_wrap", of(causes, kmap_wrap)},
            {"vmalloc_purge", of(causes, vmalloc_purge)}, {"first_or_capacity", of(causes, first_touch) + of(causes, evicted) + of(causes, fault)}};
}

json oddities(const RunInfo& run) {
    json all = json::array();
    for (const OddityInfo& o : run.oddities) all.push_back({{"kind", o.kind}, {"count", o.count}, {"first", o.first}});
    return all;
}

json mark(const std::optional<MarkInfo>& m) {
    return m ? json{{"mark", m->mark}, {"met", m->met}, {"ticks", m->ticks}, {"instructions", m->instructions}} : json(nullptr);
}

json run(const Statistics& s) {
    return {{"split", s.run.split}, {"paging", s.run.paging}, {"memory_mib", s.run.memory_mib}, {"guest", s.run.guest},
            {"instructions", s.total.events.instructions}, {"complete", s.run.complete}, {"profiles", s.run.profiles},
            {"end", name(s.run.reason)}, {"ticks", s.last_tick}, {"events", s.events}, {"stream_bytes", s.bytes}, {"warnings", s.run.warnings},
            {"oddities", oddities(s.run)},
            {"start", mark(s.run.start)}, {"until", mark(s.run.until)}};
}

json observed(const ObservedStatistics& o) {
    return {{"cr3_writes", o.cr3_writes}, {"invlpg", o.invlpg}, {"page_faults", o.page_faults}, {"walk_reads", o.walk_reads},
            {"walk_writes", o.walk_writes}, {"pdpte_loads", o.pdpte_loads},
            {"tlb_fills", {{"total", o.fills()}, {"read", o.fills_read}, {"write", o.fills_write}, {"execute", o.fills_execute}}}};
}

// Of a guest that did not use it: null.
json long_mode(const LongModeStatistics& l) {
    if (!l.used()) return nullptr;
    json reads = json::object(), written = json::object();
    for (unsigned level = mm::most_long_levels; level-- > 0;)
        reads[LongModeStatistics::entries[level]] = l.reads[level], written[LongModeStatistics::entries[level]] = l.written[level];
    return {{"modelled", false}, {"instructions", l.instructions}, {"walks", l.walks}, {"faulted", l.faulted}, {"reads", reads}, {"written", written},
            {"fills", {{"4K", l.fills[0]}, {"2M", l.fills[1]}, {"1G", l.fills[2]}}}};
}

json lookups(const LookupStatistics& l) { return {{"lookups", l.lookups}, {"misses", l.misses}}; }

// Second levels, of the sides that have one.
json second_level(const Statistics& s, size_t p) {
    LookupStatistics sum;
    for (const bool instruction : {true, false}) {
        if (!has_second_level(s.profiles[p], instruction)) continue;
        const LookupStatistics& side = instruction ? s.models[p].instruction : s.models[p].data;
        sum.lookups += side.misses, sum.misses += side.walks;
    }
    return has_second_level(s.profiles[p]) ? lookups(sum) : json(nullptr);
}

json model(const Statistics& s, size_t p) {
    const ModelStatistics& m = s.models[p];
    const ProfileWalks& all = s.total.profiles[p];
    return {{"profile", s.profiles[p].name},
            {"itlb", lookups(m.instruction)},
            {"dtlb", lookups(m.data)},
            {"stlb", second_level(s, p)},
            {"walks", all.walks.walks},
            {"walk_reads", all.walks.all_reads()},
            {"walk_cycles", interval_json(walk_cycles(all.walks, s.profiles[p]))},
            {"cycles", interval_json(s.cycles(s.total, p))},
            {"missing_instructions", missing_instructions(s.total.events, s.profiles[p])},
            {"refills", refills(all.causes)},
            {"other_refills", other_refills(all.causes)},
            {"causes", causes_json(all.causes)},
            {"walk_levels", walk_levels_json(s, p)}};
}

void add_place(json& object, const Statistics& s, const PlaceStatistics& place) {
    object["observed_fills"] = place.observed_fills;
    object["walks"] = json::object();
    object["walk_cycles"] = json::object();
    object["causes"] = json::object();
    for (size_t p = 0; p < s.profiles.size(); ++p) {
        const std::string& profile = s.profiles[p].name;
        object["walks"][profile] = place.walks[p].walks;
        object["walk_cycles"][profile] = interval_json(walk_cycles(place.walks[p], s.profiles[p]));
        object["causes"][profile] = causes_json(place.causes[p]);
    }
}

json zones(const Statistics& s) {
    json all = json::array();
    for (size_t z = 0; z < s.zones.size(); ++z) {
        const ZoneInfo info = z < s.run.zones.size() ? s.run.zones[z] : ZoneInfo{"other", 0, 0, 0};
        json zone{{"name", info.name}, {"start_pfn", info.start_pfn}, {"end_pfn", info.end_pfn}, {"present_pages", info.present_pages}};
        add_place(zone, s, s.zones[z]);
        all.push_back(std::move(zone));
    }
    return all;
}

json regions(const Statistics& s) {
    json all = json::array();
    for (size_t r = 0; r < s.regions.size(); ++r) {
        const RegionInfo info = r < s.run.regions.size() ? s.run.regions[r] : RegionInfo{"other", 0, 0};
        json region{{"name", info.name}, {"start", info.start}, {"end", info.end}};
        add_place(region, s, s.regions[r]);
        all.push_back(std::move(region));
    }
    return all;
}

// Zones of several nodes may share a name.
void add_to(json& sum, uint64_t walks) { sum = (sum.is_null() ? 0 : sum.get<uint64_t>()) + walks; }

json activity(const Statistics& s, const Activity& a) {
    json object{{"cr3_writes", a.events.cr3_writes}, {"invlpg", a.events.invlpg}, {"page_faults", a.events.page_faults},
                {"interrupts", a.events.interrupts + a.events.exceptions}, {"exceptions", a.events.exceptions},
                {"interrupt_returns", a.events.interrupt_returns}, {"fast_calls", a.events.fast_calls}, {"fast_returns", a.events.fast_returns},
                {"pdpte_loads", 4 * a.events.pdpte_loads}, {"cycles", json::object()}, {"refills", json::object()}, {"causes", json::object()},
                {"second_level_hits", json::object()}, {"walks", json::object()}};
    for (size_t p = 0; p < s.profiles.size(); ++p) {
        const std::string& profile = s.profiles[p].name;
        object["cycles"][profile] = interval_json(s.cycles(a, p));
        object["refills"][profile] = refills(a.profiles[p].causes);
        object["causes"][profile] = causes_json(a.profiles[p].causes);
        object["second_level_hits"][profile] = a.profiles[p].walks.second_hits;
        json& by_zone = object["walks"][profile] = json::object();
        for (size_t z = 0; z < s.zones.size(); ++z)
            add_to(by_zone[zone_name(s, z)], a.profiles[p].by_zone[z]);
    }
    return object;
}

json spans(const Statistics& s) {
    json all = json::array();
    for (const SpanStatistics& span : s.spans) {
        json object{{"name", span.name}, {"count", span.count},
                    {"instructions", {{"min", span.least}, {"median", span.median}, {"max", span.most}, {"total", span.sum.events.instructions}}}};
        object.update(activity(s, span.sum));
        for (size_t p = 0; p < s.profiles.size(); ++p)
            if (!s.can_execute(span.sum, p)) object["cycles"][s.profiles[p].name] = nullptr;
        all.push_back(std::move(object));
    }
    return all;
}

json stale(const Statistics& s, const Symbols& symbols) {
    const StaleNames names{s.run, symbols};
    json all = json::array();
    for (const StaleReport& report : s.stale) all.push_back(stale_json(report, names));
    return all;
}

// One CSV line for each number, string and flag below a value; arrays of named things give the name.
void flatten(const json& value, const std::string& section, const std::string& name, const std::string& metric, const Statistics& s, std::string& csv) {
    if (value.is_object()) {
        for (const auto& [key, inner] : value.items()) {
            if (key == "name" || (key == "profile" && section == "models")) continue;
            flatten(inner, section, name, metric.empty() ? key : metric + "." + key, s, csv);
        }
        return;
    }
    if (value.is_array() || value.is_null()) return;
    // A level that is a profile's name goes to a column of its own.
    std::string path = "." + metric + ".", profile = section == "models" ? name : "";
    for (const Profile& p : s.profiles)
        if (const size_t at = path.find("." + p.name + "."); at != std::string::npos) path.erase(at, p.name.size() + 1), profile = p.name;
    path = path.substr(1, path.size() - 2);
    csv += section + "," + (section == "models" ? "" : name) + "," + path + "," + profile + "," + value.dump() + "\n";
}

// What tells an element from the others of its section.
std::string name_of(const json& element, const std::string& section) {
    if (section == "stale") return "site " + std::to_string(element["site"].get<unsigned>());
    if (section == "tasks" && element["pid"].is_number()) return element["name"].get<std::string>() + "/" + element["pid"].dump();
    return element.value(section == "models" ? "profile" : "name", "");
}

}  // namespace

json interval_json(const Interval& i) { return {{"low", number(i.low)}, {"best", number(i.best)}, {"high", number(i.high)}}; }

json causes_json(const CauseCounts& causes) {
    json object = json::object();
    for (unsigned c = 0; c < mm::refill_causes; ++c) object[mm::name(static_cast<mm::RefillCause>(c))] = causes[c];
    return object;
}

json statistics_json(const Statistics& s, const Symbols& symbols) {
    json models = json::array();
    for (size_t p = 0; p < s.profiles.size(); ++p) models.push_back(model(s, p));
    json outside = activity(s, s.outside);
    outside["instructions"] = s.outside.events.instructions;
    return {{"schema", stat_schema}, {"run", run(s)}, {"observed", observed(s.observed)}, {"long_mode", long_mode(s.long_mode)}, {"models", models}, {"zones", zones(s)},
            {"regions", regions(s)}, {"spans", spans(s)}, {"outside_spans", outside}, {"tasks", tasks_json(s)}, {"functions", functions_json(s)}, {"useless_flushes", useless_flushes_json(s, symbols)},
            {"sensitivity", sensitivity_json(s)}, {"stale", stale(s, symbols)}};
}

std::string statistics_csv(const Statistics& s, const Symbols& symbols) {
    std::string csv = "section,name,metric,profile,value\n";
    const json all = statistics_json(s, symbols);
    for (const auto& [section, value] : all.items()) {
        if (!value.is_array()) {
            flatten(value, section, "", "", s, csv);
            continue;
        }
        for (const json& element : value) flatten(element, section, name_of(element, section), "", s, csv);
    }
    return csv;
}

}  // namespace tools
