// SPDX-License-Identifier: LGPL-2.1-or-later
// Rankings for people and programs. Profiles that say the same of an operation share a row: 13 of them seldom disagree.
#include <algorithm>
#include <ostream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "command_line.hpp"
#include "ranking.hpp"
#include "stat_output.hpp"
#include "text_table.hpp"

namespace tools {
namespace {

constexpr unsigned text_width = 116, profiles_width = 40;
constexpr size_t most_figures = 4;
const char* const cannot_tell = verdict(Comparison::unknown);

// The rankings of one operation whose verdicts are the same.
using Group = std::vector<const Ranking*>;

bool same_verdicts(const Ranking& a, const Ranking& b) {
    if (a.operation != b.operation || a.standings.size() != b.standings.size() || a.impossible != b.impossible) return false;
    return std::all_of(a.standings.begin(), a.standings.end(), [&](const Standing& s) {
        const auto other = std::find_if(b.standings.begin(), b.standings.end(), [&](const Standing& o) { return o.who == s.who; });
        // The one that everything is compared with may be another, if the two are equal.
        return other != b.standings.end() && other->order == s.order;
    });
}

std::vector<Group> grouped_by_verdict(const std::vector<Ranking>& rankings) {
    std::vector<Group> groups;
    for (const Ranking& r : rankings) {
        const auto at = std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return same_verdicts(*g.front(), r); });
        if (at == groups.end()) groups.push_back({&r});
        else at->push_back(&r);
    }
    // Operations stay together in their order.
    std::stable_sort(groups.begin(), groups.end(), [&](const Group& a, const Group& b) {
        const auto first = [&](const Group& g) {
            return std::find_if(rankings.begin(), rankings.end(), [&](const Ranking& r) { return r.operation == g.front()->operation; });
        };
        return first(a) < first(b);
    });
    return groups;
}

std::string profiles_of(const Group& g, size_t all) {
    if (g.size() == all && all > 1) return "all " + std::to_string(all);
    std::vector<std::string> names;
    for (const Ranking* r : g) names.push_back(r->profile);
    return join(names, " ");
}

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream in{text};
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

const Standing* standing_of(const Ranking& r, size_t who) {
    const auto at = std::find_if(r.standings.begin(), r.standings.end(), [&](const Standing& s) { return s.who == who; });
    return at == r.standings.end() ? nullptr : &*at;
}

bool fastest(const Ranking& r, const Standing& s) { return &s == &r.standings.front(); }

// The fastest is equal to itself.
bool any(const Ranking& r, Comparison order) {
    return std::any_of(r.standings.begin(), r.standings.end(), [&](const Standing& s) { return s.order == order; });
}
bool all_equal(const Ranking& r) { return !any(r, Comparison::more) && !any(r, Comparison::unknown); }

// Over all profiles of the group.
std::string cell(const Group& g, size_t who) {
    const Ranking& r = *g.front();
    const Standing* const first = standing_of(r, who);
    if (!first) return std::count(r.impossible.begin(), r.impossible.end(), who) ? not_on_this_cpu : "-";
    if (r.standings.size() == 1) return "no other";
    if (first->order == Comparison::equal) return all_equal(r) ? "same" : any(r, Comparison::unknown) ? "fastest?" : "fastest";
    if (first->order == Comparison::unknown) return cannot_tell;
    Interval share{1e18, 1, 0};
    for (const Ranking* one : g)
        if (const Standing* s = standing_of(*one, who)) share.low = std::min(share.low, s->share.low), share.high = std::max(share.high, s->share.high);
    return "+" + share_text(share);
}

std::string bound(const Influence& i) {
    return name_of(i) + " of " + rounded(i.figure.low) + " to " + rounded(i.figure.high) + " " + i.key->unit;
}

// "cannot tell ctx-2p-0k, 4:4 against 3:1, by p6: from 5 % less to 12 % more; cost.mov_cr3 (assumed) of 40 to 170 cycles decides"
std::string reason(const Group& g, const Standing& s, const std::vector<Contestant>& all, size_t profiles) {
    const Ranking& r = *g.front();
    std::string text = r.operation + ", " + all[s.who].label + " against " + all[r.standings.front().who].label + ", by " + profiles_of(g, profiles) + ": " +
                       share_text(s.share);
    if (g.size() > 1) text += " (" + r.profile + ")";
    if (s.causes.empty()) return text;
    const Influence& most = s.causes.front();
    text += "; most depends on " + bound(most);
    if (most.turns_at) {
        const bool dearer_above = most.at_high > most.at_low;
        text += ": " + all[s.who].label + " is slower if it is " + (dearer_above ? "above " : "below ") + rounded(*most.turns_at);
    }
    return text;
}

}  // namespace

void print_rankings(const std::vector<Ranking>& rankings, const std::vector<Contestant>& all, std::ostream& out) {
    if (rankings.empty()) return void(out << "\nranking: no operation was measured in two of the recordings\n");
    const size_t profiles = all.front().statistics->profiles.size();
    out << "\nranking: what an operation takes more than where it is fastest, in percent of its cycles there; only what surely is so\n";
    std::vector<TextTable::Column> columns{{"operation", Align::left}};
    if (profiles > 1) columns.push_back({"by", Align::left});
    for (const Contestant& c : all) columns.push_back({c.label});
    TextTable table{columns};
    const std::vector<Group> groups = grouped_by_verdict(rankings);
    std::string last;
    for (const Group& g : groups) {
        std::vector<std::string> row{g.front()->operation == last ? "" : g.front()->operation};
        last = g.front()->operation;
        std::vector<std::string> names;
        if (profiles > 1) names = lines_of(wrapped(profiles_of(g, profiles), profiles_width, 0)), row.push_back(names.front());
        for (size_t c = 0; c < all.size(); ++c) row.push_back(cell(g, c));
        table.row(row);
        for (size_t n = 1; n < names.size(); ++n) table.row({"", names[n]});
    }
    table.print(out, 2);
    bool undecided = false;
    for (const Group& g : groups)
        for (const Standing& s : g.front()->standings) {
            if (s.order != Comparison::unknown) continue;
            if (!undecided) out << "  " << cannot_tell << ": the profile's figures decide, within their intervals; fastest?: with their best values\n";
            undecided = true;
            out << "    " << wrapped(reason(g, s, all, profiles), text_width, 6) << '\n';
        }
}

void print_ranking_sensitivity(const std::vector<Ranking>& rankings, const std::vector<Contestant>& all, std::ostream& out) {
    out << "\nsensitivity: how much of the width (high - low) of a difference a figure leaves open, moved alone through its interval;\n"
           "  of what cannot be told, and of one of each operation\n";
    TextTable table{{{"operation", Align::left}, {"profile", Align::left}, {"slower", Align::left}, {"than", Align::left}, {"by cycles"}, {"figure", Align::left},
                     {"leaves open"}, {"of the width"}, {"turns at"}}};
    for (const Ranking& r : rankings)
        for (const Standing& s : r.standings) {
            if (s.order == Comparison::equal || (s.order != Comparison::unknown && r.operation != all_operations)) continue;
            std::vector<std::string> head{r.operation, r.profile, all[s.who].label, all[r.standings.front().who].label, signed_interval_text(s.extra)};
            for (size_t i = 0; i < s.causes.size() && i < most_figures; ++i) {
                const Influence& f = s.causes[i];
                std::vector<std::string> row = i == 0 ? head : std::vector<std::string>(head.size());
                row.insert(row.end(), {name_of(f), rounded(f.width), rounded(100 * f.width / s.extra.width()) + "%",
                                       f.turns_at ? rounded(*f.turns_at) + " " + f.key->unit : ""});
                table.row(row);
            }
        }
    table.print(out, 2);
    out << "  turns at: with the other figures at their best values, the slower one is the faster on the other side of this\n";
}

nlohmann::ordered_json rankings_json(const std::vector<Ranking>& rankings, const std::vector<Contestant>& all) {
    using json = nlohmann::ordered_json;
    json list = json::array();
    for (const Ranking& r : rankings) {
        json standings = json::array();
        for (const Standing& s : r.standings) {
            json standing{{"recording", all[s.who].label}, {"verdict", fastest(r, s) ? "fastest" : verdict(s.order)}, {"cycles", interval_json(s.each)},
                          {"extra_cycles", interval_json(s.extra)}, {"ratio", interval_json(s.share)}, {"depends_on", json::array()}};
            for (const Influence& i : s.causes)
                standing["depends_on"].push_back({{"figure", std::string{i.key->table} + "." + i.key->key}, {"assumed", i.figure.assumed()}, {"width", i.width},
                                                  {"turns_at", i.turns_at ? json(*i.turns_at) : json(nullptr)}});
            standings.push_back(std::move(standing));
        }
        for (const size_t who : r.impossible) standings.push_back({{"recording", all[who].label}, {"verdict", not_on_this_cpu}});
        list.push_back({{"operation", r.operation}, {"profile", r.profile}, {"standings", standings}});
    }
    return list;
}

}  // namespace tools
