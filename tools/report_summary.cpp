// SPDX-License-Identifier: LGPL-2.1-or-later
// Sentences of a report.
#include "report_summary.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "oddities.hpp"
#include "stat_names.hpp"
#include "text_table.hpp"

namespace tools {
namespace {

constexpr size_t most_named = 5;  // of anything that may be many

// "12 %", "0.3 %", "<0.1 %".
std::string part_text(double share) {
    if (share > 0 && share < 0.0005) return "<0.1 %";
    return fmt::format("{:.{}f} %", 100 * share, share < 0.0995 ? 1 : 0);
}
std::string part_text(uint64_t part, uint64_t whole) { return part_text(whole ? static_cast<double>(part) / static_cast<double>(whole) : 0); }
std::string range_text(const Interval& share) {
    const std::string low = part_text(share.low), high = part_text(share.high);
    return low == high ? part_text(share.best) : part_text(share.best) + " (" + low + " to " + high + ")";
}

std::string what_was_recorded(const Reported& r) {
    const Statistics& s = *r.statistics;
    std::string text = r.label + ": " + (s.run.guest.empty() ? "a guest that gave no name" : "guest " + s.run.guest);
    if (!s.run.split.empty()) text += ", split " + s.run.split;
    if (!s.run.paging.empty()) text += ", " + s.run.paging + " paging";
    if (s.run.memory_mib) text += ", " + grouped(s.run.memory_mib) + " MiB of memory";
    if (s.run.cpus > 1) text += ", " + std::to_string(s.run.cpus) + " CPUs";
    text += "; " + grouped(s.total.events.instructions) + " instructions, " + grouped(s.events) + " events";
    if (!s.spans.empty()) text += fmt::format(", {} measured operation{}", s.spans.size(), s.spans.size() == 1 ? "" : "s");
    return text + (s.run.complete ? "." : ". It was cut short: see below.");
}

// The largest of some counts, by index.
template <class Counts, class Value>
size_t largest(const Counts& counts, const Value& value) {
    const auto at = std::max_element(std::begin(counts), std::end(counts), [&](const auto& a, const auto& b) { return value(a) < value(b); });
    return static_cast<size_t>(at - std::begin(counts));
}

// The processors that were modelled, each once, as the page lists them: the words are about the first.
std::vector<std::string> modelled(const Report& report) {
    std::vector<std::string> names;
    for (const Reported& r : report.recordings)
        for (const Profile& p : r.statistics->profiles)
            if (std::find(names.begin(), names.end(), p.name) == names.end()) names.push_back(p.name);
    return names;
}

// What no symbol names is in brackets: [user], of programs, and regions.
std::string who_walks(const Statistics& s, size_t profile) {
    const uint64_t walks = s.total.profiles[profile].walks.walks;
    uint64_t programs = 0, most = 0;
    std::string function;
    for (const ShareStatistics& f : s.functions) {
        const uint64_t made = f.walks[profile].walks;
        if (f.program) programs += made;
        else if (!f.name.starts_with('[') && &f != &s.functions.back() && made > most) most = made, function = f.name;
    }
    if (function.empty()) return {};
    return " Programs made " + part_text(programs, walks) + " of them; of the kernel's functions "
        "" + function + " made most (" + part_text(most, walks) + ").";
}

// By the processor of the heading; a recording that has not modelled it is told by its own first one, which it names.
std::string where_time_goes(const Reported& r, const std::string& heading) {
    const Statistics& s = *r.statistics;
    if (s.profiles.empty()) return r.label + ": no processor was modelled, so there are no cycles; Bochs' own TLB was "
        "filled " + grouped(s.observed.fills()) + " times.";
    const auto same = std::find_if(s.profiles.begin(), s.profiles.end(), [&](const Profile& p) { return p.name == heading; });
    const size_t profile = same == s.profiles.end() ? 0 : static_cast<size_t>(same - s.profiles.begin());
    const std::string& name = s.profiles[profile].name;
    std::string text = r.label + (name == heading ? ": " : ", on " + name + ": ");
    const ProfileWalks& all = s.total.profiles[profile];
    const uint64_t walks = all.walks.walks;
    if (walks == 0) return text + "no TLB miss led to a walk of the model.";
    if (s.can_execute(s.total, profile)) {
        const Charges misses = charges_of(EventCounts{}, all.walks), total = Statistics::charges(s.total, profile);
        text += "the whole took " + interval_text(s.cycles(s.total, profile)) + " cycles, of which TLB misses are "
            "" + range_text(ratio(misses, total, s.prices[profile])) + ". ";
    } else {
        text += name + " has not got every instruction of this guest, so that its total of cycles "
            "says nothing. ";
    }
    const size_t zone = largest(s.zones, [&](const PlaceStatistics& p) { return p.walks[profile].walks; });
    const size_t cause = largest(all.causes, [](uint64_t c) { return c; });
    text += "Of " + grouped(walks) + " walks " + part_text(s.zones[zone].walks[profile].walks, walks) + " were for memory of " +
            zone_name(s, zone) + ", and " + part_text(all.causes[cause], walks) + " have as cause: " + title(static_cast<mm::RefillCause>(cause)) + ".";
    return text + who_walks(s, profile);
}

std::string against_fastest(const Standing& s) {
    if (s.order == Comparison::equal) return "costs the same";
    if (s.order == Comparison::unknown) return "no difference that the model can tell";
    return "costs " + share_text(s.share) + " more";
}

void add_ranking(const Report& report, const std::string& profile, std::vector<std::string>& out) {
    size_t certain = 0, tied = 0, open = 0;
    std::vector<std::pair<double, std::string>> dearest;
    for (const Ranking& r : report.rankings) {
        if (r.profile != profile || r.standings.size() < 2) continue;
        const auto label = [&](const Standing& s) { return report.recordings[s.who].label; };
        if (r.operation == all_operations) {
            std::string text = "One of each operation that all recordings measured: "
                "" + label(r.standings.front()) + " is the cheapest with " +
                               interval_text(r.standings.front().each) + " cycles.";
            for (size_t i = 1; i < r.standings.size(); ++i) text += " " + label(r.standings[i]) + ": " + against_fastest(r.standings[i]) + ".";
            out.insert(out.begin(), text);
            continue;
        }
        const auto any = [&](Comparison c) {
            return std::any_of(r.standings.begin() + 1, r.standings.end(), [c](const Standing& s) { return s.order == c; });
        };
        ++(any(Comparison::unknown) ? open : any(Comparison::equal) ? tied : certain);
        for (const Standing& s : r.standings)
            if (s.order == Comparison::more && std::isfinite(s.share.low))
                dearest.emplace_back(s.share.low, fmt::format("{} at {} ({:.1f} to {:.1f} times "
                    "{})", r.operation, label(s), s.share.low, s.share.high, label(r.standings.front())));
    }
    if (certain + tied + open == 0) return;
    out.push_back(fmt::format("Of {} operations that two or more recordings measured, one recording is certainly the "
        "cheapest for {}, several cost the same and are the cheapest for {}, "
                              "and for {} the model cannot tell the cheapest from all "
                              "others.", certain + tied + open, certain, tied, open));
    std::sort(dearest.rbegin(), dearest.rend());
    if (dearest.size() > most_named) dearest.resize(most_named);
    std::string text;
    for (const auto& [share, what] : dearest) text += (text.empty() ? "Certainly dearest: " : "; ") + what;
    if (!text.empty()) out.push_back(text + ".");
}

void add_warnings(const Reported& r, std::vector<std::string>& out) {
    const Statistics& s = *r.statistics;
    const auto add = [&](const std::string& text) { out.push_back(r.label + ": " + text); };
    if (!s.run.complete)
        add("the recording was cut short (" + std::string{s.run.reason == EndReason::running ? "it was killed, or goes "
            "on still" : name(s.run.reason)} +
            (s.run.detail.empty() ? "" : ": " + s.run.detail) + "). All figures are of what was recorded until then.");
    if (!s.stale.empty()) {
        uint64_t uses = 0;
        for (const StaleReport& report : s.stale) uses += report.uses;
        add(fmt::format("{} missing TLB flush{}: {} use{} of translations that the guest should have flushed. `zonescope "
            "stale` says who and where.",
                        s.stale.size(), s.stale.size() == 1 ? "" : "es", grouped(uses), uses == 1 ? "" : "s"));
    }
    if (s.run.stale && s.run.stale->unfollowed)
        add(grouped(s.run.stale->unfollowed) + " stale translations, or uses of some, could not be followed for want of "
            "room: missing flushes may have been overlooked.");
    if (s.long_mode.used())
        add((s.long_mode.instructions ? part_text(s.long_mode.instructions, s.total.events.instructions) + " of the instructions"
                                      : std::string{"A part"}) +
            " ran in 64-bit paging, which is not modelled: no walks or cycles of the model are of it.");
    for (const OddityInfo& o : s.run.oddities) add(oddity_line(o) + ".");
    for (const std::string& w : s.run.warnings) add(w);
}

// Of guests that have none, nothing is known.
bool differ_in_split(const Report& report) {
    std::set<std::string> splits;
    for (const Reported& r : report.recordings)
        if (!r.statistics->run.split.empty()) splits.insert(r.statistics->run.split);
    return splits.size() > 1;
}

std::string missing_flushes_found(const Report& report) {
    size_t looked = 0, found = 0, wide = 0;
    for (const Reported& r : report.recordings) {
        const std::optional<StaleInfo>& stale = r.statistics->run.stale;
        looked += stale && stale->mode != "off";
        found += !r.statistics->stale.empty();
        wide += r.statistics->long_mode.used();
    }
    if (found) return {};
    if (looked == 0) return "Missing TLB flushes were not looked for.";
    if (wide) return "No missing TLB flush was found in 32-bit paging, and in 64-bit paging none was looked for.";
    return looked == report.recordings.size() ? "No missing TLB flush was found." : "No missing TLB flush was found in "
        "the recordings where they were looked for.";
}

std::vector<std::string> how_to_read(const Report& report, const std::vector<std::string>& profiles) {
    std::vector<std::string> text{
        "Counts are exact: two recordings of the same guest give the same. Cycles are computed from them with a "
        "processor's figures, each of which is an interval where its "
        "sources leave it open. A value such as 120 (90-180) is the best estimate and the lowest and highest that the "
        "figures allow; charts draw it as a bar with a line."};
    if (report.recordings.size() > 1)
        text.push_back("Intervals of two recordings often overlap only because both pay the same uncertain prices. "
            "Verdicts compare the difference of their counts, in which common prices "
                       "cancel: two values may be certainly different although their intervals overlap. \"No difference "
                       "that the model can tell\" means that the figures decide.");
    if (profiles.size() > 1)
        text.push_back("The words above are about "
            "" + profiles.front() + ", the first of the " + std::to_string(profiles.size()) +
                       " processors that were modelled; charts and tables show the one that is chosen above them.");
    text.push_back("Time is in ticks of the emulator: an instruction, an iteration of a string instruction, or idle "
        "time. It tells when something happened, not how long hardware would take.");
    return text;
}

}  // namespace

std::vector<SummaryPart> report_summary(const Report& report) {
    SummaryPart recorded{"What was recorded", {}}, time{"Where the time goes", {}}, dearer{"Which costs what", {}};
    SummaryPart warnings{"What to know about these recordings", {}, true};
    const std::vector<std::string> profiles = modelled(report);
    const std::string heading = profiles.empty() ? "" : profiles.front();
    for (const Reported& r : report.recordings) {
        recorded.sentences.push_back(what_was_recorded(r));
        time.sentences.push_back(where_time_goes(r, heading));
        add_warnings(r, warnings.sentences);
    }
    for (const std::string& failed : report.left_out) warnings.sentences.push_back(failed + ": this recording of the "
        "sweep did not end well, and is left out.");
    if (!profiles.empty()) {
        time.title += ", on " + heading;
        if (differ_in_split(report)) dearer.title = "Which split costs what";
        dearer.title += ", on " + heading;
        add_ranking(report, heading, dearer.sentences);
    }
    if (const std::string found = missing_flushes_found(report); !found.empty()) recorded.sentences.push_back(found);
    std::vector<SummaryPart> parts{recorded, time, dearer, warnings, {"How to read the numbers", how_to_read(report, profiles)}};
    std::erase_if(parts, [](const SummaryPart& p) { return p.sentences.empty(); });
    return parts;
}

}  // namespace tools
