// SPDX-License-Identifier: LGPL-2.1-or-later
// `diff --json`.
#include <nlohmann/json.hpp>

#include "difference.hpp"
#include "stat_output.hpp"

namespace tools {
namespace {

using json = nlohmann::ordered_json;

json change_json(const Change& c) {
    json object{{"kind", name(c.kind)}, {"name", c.name}, {"profile", c.profile}};
    object["verdict"] = c.can_execute ? json(verdict(c.order)) : json(not_on_this_cpu);
    for (const auto& [key, interval] : {std::pair{"before", &c.before}, {"after", &c.after}, {"extra_cycles", &c.extra}, {"ratio", &c.share}})
        object[key] = c.can_execute ? interval_json(*interval) : json(nullptr);
    object["walks"] = {{"before", c.walks_before}, {"after", c.walks_after}};
    object["depends_on"] = json::array();
    for (const Influence& i : c.causes) object["depends_on"].push_back({{"figure", std::string{i.key->table} + "." + i.key->key}, {"assumed", i.figure.assumed()}, {"width", i.width}});
    return object;
}

}  // namespace

json difference_json(const Difference& d, double threshold) {
    json changes = json::array(), unmatched = json::array(), worse = json::array();
    for (const Change& c : d.changes) changes.push_back(change_json(c));
    for (const Unmatched& u : d.unmatched) unmatched.push_back({{"kind", name(u.kind)}, {"name", u.name}, {"in", u.before ? "before" : "after"}});
    for (const Change* c : regressions(d, threshold)) worse.push_back({{"kind", name(c->kind)}, {"name", c->name}, {"profile", c->profile}, {"ratio", interval_json(c->share)}});
    return {{"label", d.label}, {"before", d.before.string()}, {"after", d.after.string()}, {"set_up", d.set_up}, {"regressions", worse}, {"changes", changes}, {"unmatched", unmatched}};
}

}  // namespace tools
