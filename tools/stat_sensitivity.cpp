// SPDX-License-Identifier: LGPL-2.1-or-later
// `stat --sensitivity`: which figures leave a recording's cycles open.
#include <ostream>

#include <nlohmann/json.hpp>

#include "stat_output.hpp"
#include "text_table.hpp"

namespace tools {
namespace {

constexpr size_t most_of_several = 3;  // figures of each profile, where there are several

double share(const Influence& i, const Interval& all) { return all.width() > 0 ? i.width / all.width() : 0; }

std::string share_of(const Influence& i, const Interval& all) { return rounded(100 * share(i, all)) + "%"; }

}  // namespace

void print_sensitivity(const Statistics& s, std::ostream& out) {
    out << "\nsensitivity: how much of the width (high - low) of all cycles a figure leaves open, moved alone through its interval\n";
    const bool several = s.profiles.size() > 1;
    TextTable table{{{"profile", Align::left}, {"figure", Align::left}, {"best"}, {"low"}, {"high"}, {"unit", Align::left}, {"leaves open, cycles"}, {"of the width"}}};
    for (size_t p = 0; p < s.profiles.size(); ++p) {
        const Interval all = s.cycles(s.total, p);
        std::string name = s.profiles[p].name;
        size_t printed = 0;
        for (const Influence& i : influences(Statistics::charges(s.total, p), s.profiles[p])) {
            if (several && printed++ == most_of_several) break;
            table.row({name, name_of(i), rounded(i.figure.best), rounded(i.figure.low), rounded(i.figure.high), i.key->unit, rounded(i.width), share_of(i, all)});
            name.clear();
        }
    }
    table.print(out, 2);
    if (several) out << "  the " << most_of_several << " largest of each profile; all of them: --profile NAME, or --json\n";
}

nlohmann::ordered_json sensitivity_json(const Statistics& s) {
    auto by_profile = nlohmann::ordered_json::object();
    for (size_t p = 0; p < s.profiles.size(); ++p) {
        const Interval all = s.cycles(s.total, p);
        auto list = nlohmann::ordered_json::array();
        for (const Influence& i : influences(Statistics::charges(s.total, p), s.profiles[p]))
            list.push_back({{"figure", std::string{i.key->table} + "." + i.key->key}, {"best", i.figure.best}, {"low", i.figure.low}, {"high", i.figure.high},
                            {"assumed", i.figure.assumed()}, {"width", i.width}, {"share", share(i, all)}});
        by_profile[s.profiles[p].name] = list;
    }
    return by_profile;
}

}  // namespace tools
