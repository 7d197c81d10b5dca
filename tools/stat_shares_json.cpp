// SPDX-License-Identifier: LGPL-2.1-or-later
// `stat --json`: tasks and functions.
#include <nlohmann/json.hpp>

#include "stat_output.hpp"

namespace tools {
using json = nlohmann::ordered_json;

void add_share(json& object, const Statistics& s, const ShareStatistics& share) {
    object["observed_fills"] = share.observed_fills;
    object["page_faults"] = share.events.page_faults;
    object["cr3_writes"] = share.events.cr3_writes;
    object["invlpg"] = share.events.invlpg;
    for (const char* key : {"walks", "walk_cycles", "cycles"}) object[key] = json::object();
    for (size_t p = 0; p < s.profiles.size(); ++p) {
        const std::string& profile = s.profiles[p].name;
        object["walks"][profile] = share.walks[p].walks;
        object["walk_cycles"][profile] = interval_json(walk_cycles(share.walks[p], s.profiles[p]));
        object["cycles"][profile] = interval_json(s.cycles(share, p));
    }
}

json tasks_json(const Statistics& s) {
    json all = json::array();
    for (const ShareStatistics& task : s.tasks) {
        const bool other = &task == &s.tasks.back();
        json object{{"name", task.name}, {"pid", s.run.tasks && !other ? json(task.id) : json(nullptr)},
                    {"cr3", s.run.tasks || other ? json(nullptr) : json(task.id)},
                    {"instructions", s.run.tasks ? json(task.events.instructions) : json(nullptr)}};
        add_share(object, s, task);
        all.push_back(std::move(object));
    }
    return all;
}

json functions_json(const Statistics& s) {
    json all = json::array();
    for (const ShareStatistics& function : s.functions) {
        json object{{"name", function.name}, {"address", function.id}};
        add_share(object, s, function);
        all.push_back(std::move(object));
    }
    return all;
}

}  // namespace tools
