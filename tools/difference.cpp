// SPDX-License-Identifier: LGPL-2.1-or-later
// Finds what two recordings have in common, and subtracts its charges.
#include "difference.hpp"

#include <algorithm>
#include <map>

#include "stat_names.hpp"

namespace tools {
namespace {

// What a recording charges for one thing.
struct Charged {
    Charges charges;
    double walks;
    bool can_execute = true;
};
using Things = std::vector<std::pair<std::string, Charged>>;  // in the recording's order; names are unique

// Zones of several nodes, and tasks of several pids, share a name.
void add(Things& things, const std::string& name, const Charged& more) {
    const auto known = std::find_if(things.begin(), things.end(), [&](const auto& thing) { return thing.first == name; });
    if (known == things.end()) return void(things.emplace_back(name, more));
    known->second.charges += more.charges;
    known->second.walks += more.walks;
}

Charged charged(const WalkCounts& walks) { return {charges_of({}, walks), static_cast<double>(walks.walks)}; }

Things operations(const Statistics& s, size_t p) {
    Things things;
    for (const SpanStatistics& span : s.spans) {
        const auto count = static_cast<double>(span.count);
        add(things, span.name, {Statistics::charges(span.sum, p) / count, static_cast<double>(span.sum.profiles[p].walks.walks) / count, s.can_execute(span.sum, p)});
    }
    return things;
}

Things everything(const Statistics& s, size_t p) {
    return {{"everything", {Statistics::charges(s.total, p), static_cast<double>(s.total.profiles[p].walks.walks), s.can_execute(s.total, p)}}};
}

Things zones(const Statistics& s, size_t p) {
    Things things;
    for (size_t z = 0; z < s.zones.size(); ++z) add(things, zone_name(s, z), charged(s.zones[z].walks[p]));
    return things;
}

Things regions(const Statistics& s, size_t p) {
    Things things;
    for (size_t r = 0; r < s.regions.size(); ++r) add(things, region_name(s, r), charged(s.regions[r].walks[p]));
    return things;
}

Things shares(const std::vector<ShareStatistics>& all, size_t p) {
    Things things;
    std::map<std::string, size_t> places;  // there may be thousands
    for (const ShareStatistics& share : all) {
        const Charged more{charges_of(share.events, share.walks[p]), static_cast<double>(share.walks[p].walks)};
        const auto [place, is_new] = places.emplace(share.name, things.size());
        if (is_new) things.emplace_back(share.name, more);
        else things[place->second].second.charges += more.charges, things[place->second].second.walks += more.walks;
    }
    return things;
}

Things things_of(ChangeKind kind, const Statistics& s, size_t p) {
    switch (kind) {
    case ChangeKind::operation: return operations(s, p);
    case ChangeKind::everything: return everything(s, p);
    case ChangeKind::zone: return zones(s, p);
    case ChangeKind::region: return regions(s, p);
    case ChangeKind::function: return shares(s.functions, p);
    case ChangeKind::task: break;
    }
    return s.run.tasks ? shares(s.tasks, p) : Things{};
}

bool did_nothing(const Charged& c) {
    return std::all_of(c.charges.times.begin(), c.charges.times.end(), [](double times) { return times == 0; });
}

Change change(ChangeKind kind, const std::string& name, const Charged& before, const Charged& after, const Profile& profile, const Prices& prices) {
    Change c{kind, name, profile.name, cycles(before.charges, prices), cycles(after.charges, prices)};
    const Charges more = after.charges - before.charges;
    c.extra = cycles(more, prices);
    c.share = ratio(after.charges, before.charges, prices);
    c.walks_before = before.walks, c.walks_after = after.walks;
    c.can_execute = before.can_execute && after.can_execute;
    c.order = compare(c.extra);
    c.causes = influences(more, profile);
    return c;
}

// Appends the changes of one kind, and what only one of the recordings has.
void compare_things(ChangeKind kind, const Statistics& before, const Statistics& after, size_t p, Difference& d) {
    const Things old_ones = things_of(kind, before, p), new_ones = things_of(kind, after, p);
    std::map<std::string, const Charged*> found;
    for (const auto& [name, charged] : new_ones) found.emplace(name, &charged);
    const auto first = static_cast<ptrdiff_t>(d.changes.size());
    const bool first_profile = p == 0;  // the names are the same for all
    for (const auto& [name, charged] : old_ones) {
        const auto other = found.find(name);
        if (other != found.end()) {
            if (!did_nothing(charged) || !did_nothing(*other->second)) d.changes.push_back(change(kind, name, charged, *other->second, before.profiles[p], before.prices[p]));
            found.erase(other);
        } else if (first_profile && !did_nothing(charged)) d.unmatched.push_back({kind, name, true});
    }
    if (first_profile)
        for (const auto& [name, charged] : new_ones)
            if (found.count(name) && !did_nothing(charged)) d.unmatched.push_back({kind, name, false});
    std::stable_sort(d.changes.begin() + first, d.changes.end(), [kind](const Change& a, const Change& b) {
        const auto size = [kind](const Change& c) { return kind == ChangeKind::operation ? std::abs(c.share.best - 1) : std::abs(c.extra.best); };
        return a.can_execute != b.can_execute ? a.can_execute : size(a) > size(b);
    });
}

std::string none_if_empty(const std::string& text) { return text.empty() ? "none" : text; }

std::vector<std::string> set_up(const RunInfo& a, const RunInfo& b) {
    std::vector<std::string> all;
    const auto compare_texts = [&](const char* what, const std::string& before, const std::string& after) {
        if (before != after) all.push_back(std::string{what} + ": " + none_if_empty(before) + ", then " + none_if_empty(after));
    };
    compare_texts("split", a.split, b.split);
    compare_texts("paging", a.paging, b.paging);
    compare_texts("memory", std::to_string(a.memory_mib) + " MiB", std::to_string(b.memory_mib) + " MiB");
    compare_texts("guest", a.guest, b.guest);
    compare_texts("processor model", a.cpu_model, b.cpu_model);
    compare_texts("processors", std::to_string(a.cpus), std::to_string(b.cpus));
    compare_texts("end", name(a.reason), name(b.reason));
    for (size_t i = 0; i < a.profiles.size() && i < a.geometries.size(); ++i) {
        const auto other = std::find(b.profiles.begin(), b.profiles.end(), a.profiles[i]);
        const auto n = static_cast<size_t>(other - b.profiles.begin());
        if (n < b.geometries.size()) compare_texts(("geometry of " + a.profiles[i]).c_str(), a.geometries[i], b.geometries[n]);
    }
    return all;
}

}  // namespace

const char* name(ChangeKind kind) {
    constexpr const char* names[] = {"operation", "everything", "zone", "region", "function", "task"};
    static_assert(std::size(names) == change_kinds);
    return names[static_cast<size_t>(kind)];
}

Difference difference(const Statistics& before, const Statistics& after, const std::string& label) {
    Difference d{before.directory, after.directory, label, set_up(before.run, after.run), {}, {}};
    for (size_t p = 0; p < before.profiles.size(); ++p)
        for (size_t kind = 0; kind < change_kinds; ++kind) compare_things(static_cast<ChangeKind>(kind), before, after, p, d);
    return d;
}

std::vector<const Change*> regressions(const Difference& d, double threshold) {
    const auto is = [](ChangeKind kind) { return [kind](const Change& c) { return c.kind == kind; }; };
    const ChangeKind judged = std::any_of(d.changes.begin(), d.changes.end(), is(ChangeKind::operation)) ? ChangeKind::operation : ChangeKind::everything;
    std::vector<const Change*> worse;
    for (const Change& c : d.changes)
        if (c.kind == judged && c.can_execute && c.order == Comparison::more && c.share.low > 1 + threshold) worse.push_back(&c);
    return worse;
}

}  // namespace tools
