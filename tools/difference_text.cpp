// SPDX-License-Identifier: LGPL-2.1-or-later
// `diff` for people: a verdict, then by the first profile what changed most.
#include <algorithm>
#include <array>
#include <cmath>
#include <ostream>

#include "command_line.hpp"
#include "difference.hpp"
#include "stat_names.hpp"
#include "text_table.hpp"

namespace tools {
namespace {

constexpr size_t most_rows = 12, most_names = 6, longest_name = 40;
constexpr unsigned text_width = 116;

struct Section {
    ChangeKind kind;
    const char* title;
    const char* meaning;
};
constexpr Section sections[] = {
    {ChangeKind::operation, "operations", "cycles of one, on average"},
    {ChangeKind::everything, "everything", "cycles of the whole recording"},
    {ChangeKind::zone, "zones", "cycles of the walks that found a frame there"},
    {ChangeKind::region, "regions", "cycles of the walks for an address there"},
    {ChangeKind::function, "functions", "cycles of their walks, faults and flushes"},
    {ChangeKind::task, "tasks", "cycles, by name"},
};
static_assert(std::size(sections) == change_kinds);

using Changes = std::vector<const Change*>;

Changes changes_of(const Difference& d, const std::string& profile, ChangeKind kind) {
    Changes some;
    for (const Change& c : d.changes)
        if (c.profile == profile && c.kind == kind) some.push_back(&c);
    return some;
}

std::string change_text(const Change& c) {
    if (!c.can_execute) return not_on_this_cpu;
    switch (c.order) {
    case Comparison::equal: return "same";
    case Comparison::more: return std::isfinite(c.share.best) ? share_text(c.share) + " more" : "new";
    case Comparison::less: return share_text(c.share) + " less";
    case Comparison::unknown: break;
    }
    return std::string{verdict(c.order)} + ": " + share_text(c.share);
}

std::string shortened(const std::string& name) { return name.size() <= longest_name ? name : name.substr(0, longest_name - 3) + "..."; }

std::string walks_text(double walks) { return rounded(walks); }

// "most depends on cost.mov_cr3 (assumed)" for what cannot be told.
void print_reasons(const Changes& changes, std::ostream& out) {
    for (const Change* c : changes) {
        if (!c->can_execute || c->order != Comparison::unknown || c->causes.empty()) continue;
        const Influence& most = c->causes.front();
        std::string text = c->name + ": most depends on " + name_of(most) + " of " + rounded(most.figure.low) + " to " + rounded(most.figure.high) + " " + most.key->unit;
        if (most.turns_at) text += std::string{"; slower than before if it is "} + (most.at_high > most.at_low ? "above " : "below ") + rounded(*most.turns_at);
        out << "    " << wrapped(text, text_width, 6) << '\n';
    }
}

void print_section(const Section& section, const Changes& all, std::ostream& out) {
    if (all.empty()) return;
    Changes changed;
    std::vector<std::string> same;
    for (const Change* c : all)
        if (c->can_execute && c->order == Comparison::equal) same.push_back(shortened(c->name));
        else changed.push_back(c);
    out << '\n' << section.title << ": ";
    const size_t shown = std::min(changed.size(), most_rows);
    if (shown) {
        out << section.meaning << '\n';
        TextTable table{{{"", Align::left}, {"before"}, {"after"}, {"more"}, {"change", Align::left}, {"walks before"}, {"after"}}};
        for (size_t i = 0; i < shown; ++i) {
            const Change& c = *changed[i];
            table.row({shortened(c.name), rounded(c.before.best), rounded(c.after.best), signed_interval_text(c.extra), change_text(c), walks_text(c.walks_before), walks_text(c.walks_after)});
        }
        table.print(out, 2);
        print_reasons({changed.begin(), changed.begin() + static_cast<ptrdiff_t>(shown)}, out);
        if (changed.size() > shown) out << "  " << changed.size() - shown << " more that changed less: --json has them\n";
    }
    if (same.empty()) return;
    const size_t named = std::min(same.size(), most_names);
    std::string names = join({same.begin(), same.begin() + static_cast<ptrdiff_t>(named)});
    if (same.size() > named) names += " and " + std::to_string(same.size() - named) + " more";
    out << (shown ? "  " : "") << "the same: " << wrapped(names, text_width, 4) << '\n';
}

void print_unmatched(const Difference& d, std::ostream& out) {
    for (const bool before : {true, false})
        for (const Section& section : sections) {
            std::vector<std::string> names;
            for (const Unmatched& u : d.unmatched)
                if (u.before == before && u.kind == section.kind) names.push_back(u.name);
            if (names.empty()) continue;
            const size_t named = std::min(names.size(), most_rows);
            std::string text = std::string{section.title} + " only " + (before ? "before" : "after") + ": " + join({names.begin(), names.begin() + static_cast<ptrdiff_t>(named)});
            if (names.size() > named) text += " and " + std::to_string(names.size() - named) + " more";
            out << '\n' << wrapped(text, text_width, 2) << '\n';
        }
}

// One row a profile: what happened to the operations, or to everything where there are none in common.
void print_summary(const Difference& d, const std::vector<std::string>& profiles, std::ostream& out) {
    const bool operations = std::any_of(d.changes.begin(), d.changes.end(), [](const Change& c) { return c.kind == ChangeKind::operation; });
    TextTable table{{{operations ? "operations, by" : "everything, by", Align::left}, {"slower"}, {"faster"}, {"same"}, {"cannot tell"}, {"largest change", Align::left}}};
    for (const std::string& profile : profiles) {
        std::array<uint64_t, 4> counts{};
        const Change* largest = nullptr;
        for (const Change* c : changes_of(d, profile, operations ? ChangeKind::operation : ChangeKind::everything)) {
            if (!c->can_execute) continue;
            ++counts[static_cast<size_t>(c->order)];
            if (!largest && (c->order == Comparison::more || c->order == Comparison::less)) largest = c;
        }
        const auto count = [&](Comparison order) { return grouped(counts[static_cast<size_t>(order)]); };
        table.row({profile, count(Comparison::more), count(Comparison::less), count(Comparison::equal), count(Comparison::unknown),
                   largest ? largest->name + " " + change_text(*largest) : "none"});
    }
    out << '\n';
    table.print(out);
}

// That there is a row of any table to print.
bool says_more(const Difference& d) {
    return !d.unmatched.empty() || std::any_of(d.changes.begin(), d.changes.end(), [](const Change& c) { return c.can_execute && c.order != Comparison::equal; });
}

std::string verdict_text(const Difference& d, double threshold) {
    const auto worse = regressions(d, threshold);
    const std::string limit = rounded(100 * threshold) + " %";
    if (!worse.empty()) {
        std::string text = "slower: " + std::string{worse.size() == 1 ? "one change is" : grouped(worse.size()) + " changes are"} + " surely above " + limit + ", first ";
        const size_t named = std::min<size_t>(worse.size(), 3);
        for (size_t i = 0; i < named; ++i) text += (i ? ", " : "") + worse[i]->name + " " + change_text(*worse[i]) + " by " + worse[i]->profile;
        return text;
    }
    const auto count = [&](Comparison order) {
        return std::count_if(d.changes.begin(), d.changes.end(), [&](const Change& c) { return c.can_execute && c.order == order; });
    };
    if (count(Comparison::more) + count(Comparison::less) > 0) return "nothing is surely more than " + limit + " slower";
    const auto undecided = count(Comparison::unknown);
    return std::string{"no difference that the model can tell"} +
           (undecided ? ": " + grouped(static_cast<uint64_t>(undecided)) + " counts changed, but within their intervals the figures decide which way" : "");
}

}  // namespace

void print_difference(const Difference& d, double threshold, std::ostream& out) {
    std::vector<std::string> profiles;
    for (const Change& c : d.changes)
        if (std::find(profiles.begin(), profiles.end(), c.profile) == profiles.end()) profiles.push_back(c.profile);
    if (!d.label.empty()) out << d.label << '\n';
    out << "before: " << d.before.string() << "\nafter:  " << d.after.string() << '\n';
    for (const std::string& line : d.set_up) out << "made differently: " << line << '\n';
    out << wrapped(verdict_text(d, threshold), text_width, 2) << '\n';
    if (!says_more(d)) return;
    print_summary(d, profiles, out);
    for (const Section& section : sections) print_section(section, changes_of(d, profiles.front(), section.kind), out);
    print_unmatched(d, out);
    if (profiles.size() > 1) out << "\nthe tables are by " << profiles.front() << "; --profile chooses another, --json has all\n";
}

}  // namespace tools
