// SPDX-License-Identifier: LGPL-2.1-or-later
// Compares what the operations of several recordings are charged.
#include "ranking.hpp"

#include <algorithm>
#include <functional>
#include <optional>

namespace tools {
namespace {

const SpanStatistics* find_span(const Statistics& s, const std::string& name) {
    const auto at = std::find_if(s.spans.begin(), s.spans.end(), [&](const SpanStatistics& span) { return span.name == name; });
    return at == s.spans.end() ? nullptr : &*at;
}

std::optional<size_t> find_profile_in(const Statistics& s, const std::string& name) {
    for (size_t p = 0; p < s.profiles.size(); ++p)
        if (s.profiles[p].name == name) return p;
    return {};
}

// One instance, on average.
struct Measured {
    Charges each;
    bool can_execute;
};
std::optional<Measured> measured(const Statistics& s, const std::string& span, const std::string& profile) {
    const SpanStatistics* const found = find_span(s, span);
    const auto p = find_profile_in(s, profile);
    if (!found || !p) return {};
    return Measured{Statistics::charges(found->sum, *p) / static_cast<double>(found->count), s.can_execute(found->sum, *p)};
}

// The first recording's order; spans that it lacks follow.
std::vector<std::string> span_names(const std::vector<Contestant>& all) {
    std::vector<std::string> names;
    for (const Contestant& c : all)
        for (const SpanStatistics& span : c.statistics->spans)
            if (std::find(names.begin(), names.end(), span.name) == names.end()) names.push_back(span.name);
    return names;
}

using Entry = std::pair<size_t, Charges>;

Ranking rank_entries(const std::string& operation, const Profile& profile, const std::vector<Entry>& entries) {
    Ranking ranking{operation, profile.name, {}};
    if (entries.empty()) return ranking;
    const Prices prices = prices_of(profile);
    const auto fastest = std::min_element(entries.begin(), entries.end(), [&](const Entry& a, const Entry& b) {
        return cycles(a.second, prices).best < cycles(b.second, prices).best;
    });
    for (const Entry& entry : entries) {
        const Charges difference = entry.second - fastest->second;
        Standing s{entry.first, cycles(entry.second, prices), cycles(difference, prices), ratio(entry.second, fastest->second, prices)};
        s.order = compare(s.extra);
        s.causes = influences(difference, profile);
        ranking.standings.push_back(std::move(s));
    }
    std::stable_sort(ranking.standings.begin(), ranking.standings.end(), [](const Standing& a, const Standing& b) { return a.each.best < b.each.best; });
    return ranking;
}

}  // namespace

std::vector<Ranking> rank(const std::vector<Contestant>& contestants) {
    std::vector<Ranking> rankings, sums;
    const std::vector<std::string> spans = span_names(contestants);
    for (const Profile& profile : contestants.front().statistics->profiles) {
        std::vector<Entry> all;
        for (size_t c = 0; c < contestants.size(); ++c) all.emplace_back(c, Charges{});
        size_t common = 0;
        for (const std::string& span : spans) {
            std::vector<Entry> entries;
            std::vector<size_t> impossible;
            for (size_t c = 0; c < contestants.size(); ++c) {
                const auto m = measured(*contestants[c].statistics, span, profile.name);
                if (m && m->can_execute) entries.emplace_back(c, m->each);
                else if (m) impossible.push_back(c);
            }
            if (entries.size() + impossible.size() >= 2) {
                rankings.push_back(rank_entries(span, profile, entries));
                rankings.back().impossible = std::move(impossible);
            }
            if (entries.size() < contestants.size()) continue;
            ++common;
            for (size_t c = 0; c < entries.size(); ++c) all[c].second += entries[c].second;
        }
        if (common > 1) sums.push_back(rank_entries(all_operations, profile, all));
    }
    // By operation, then by profile: what a reader compares stands together.
    std::stable_sort(rankings.begin(), rankings.end(), [&](const Ranking& a, const Ranking& b) {
        return std::find(spans.begin(), spans.end(), a.operation) < std::find(spans.begin(), spans.end(), b.operation);
    });
    rankings.insert(rankings.end(), std::make_move_iterator(sums.begin()), std::make_move_iterator(sums.end()));
    return rankings;
}

std::vector<std::string> labels_of(const std::vector<Statistics>& recordings) {
    const auto differ = [&](const auto& value_of) {
        return std::any_of(recordings.begin(), recordings.end(), [&](const Statistics& s) { return value_of(s) != value_of(recordings.front()); });
    };
    const bool paging = differ([](const Statistics& s) { return s.run.paging; }), memory = differ([](const Statistics& s) { return s.run.memory_mib; });
    std::vector<std::string> labels;
    for (const Statistics& s : recordings)
        labels.push_back((s.run.split.empty() ? s.directory.filename().string() : s.run.split) + (paging ? " " + s.run.paging : "") +
                         (memory ? " " + std::to_string(s.run.memory_mib) + "M" : ""));
    for (size_t i = 0; i < labels.size(); ++i)
        if (std::count(labels.begin(), labels.end(), labels[i]) > 1) {
            const std::string same = labels[i];
            for (size_t n = i; n < labels.size(); ++n)
                if (labels[n] == same) labels[n] = recordings[n].directory.string();
        }
    return labels;
}

}  // namespace tools
