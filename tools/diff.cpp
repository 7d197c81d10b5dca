// SPDX-License-Identifier: LGPL-2.1-or-later
// The verb `diff`: what changed between two recordings or two sweeps, and whether it is a regression.
#include <algorithm>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "command_line.hpp"
#include "common_options.hpp"
#include "difference.hpp"
#include "pager.hpp"
#include "stat_inputs.hpp"
#include "stat_output.hpp"
#include "sweep_cells.hpp"
#include "verbs.hpp"

namespace tools {
namespace {

namespace fs = std::filesystem;

constexpr double default_threshold = 5;  // percent

struct Options {
    std::string before, after, symbols;
    std::vector<std::string> profiles;
    double threshold = default_threshold;
    bool json = false;
};

// Two recordings to compare; of two sweeps, the cells of the same set-up.
struct Pair {
    fs::path before, after;
    std::string label;
};
struct Pairs {
    std::vector<Pair> pairs;
    std::vector<std::string> unmatched;  // sweep cells of one side only, for people
};

std::string cell_label(const RunInfo& run) { return run.split + " " + run.paging + " " + std::to_string(run.memory_mib) + "M"; }

Pairs pairs_of(const Options& o) {
    const bool sweeps = fs::exists(fs::path{o.before} / sweep_file);
    if (sweeps != fs::exists(fs::path{o.after} / sweep_file))
        throw InputError{sweeps ? o.after : o.before, "is one recording, and the other is a sweep; give two of a kind, such as one of the sweep's directories"};
    if (!sweeps) return {{{o.before, o.after, ""}}, {}};
    Pairs all;
    std::vector<fs::path> after = trace_directories({o.after});
    for (const fs::path& before : trace_directories({o.before})) {
        const std::string label = cell_label(read_run_info(before));
        const auto same = std::find_if(after.begin(), after.end(), [&](const fs::path& d) { return cell_label(read_run_info(d)) == label; });
        if (same == after.end()) {
            all.unmatched.push_back(label + ": only before, " + before.string());
            continue;
        }
        all.pairs.push_back({before, *same, label});
        after.erase(same);
    }
    for (const fs::path& d : after) all.unmatched.push_back(cell_label(read_run_info(d)) + ": only after, " + d.string());
    if (all.pairs.empty()) throw InputError{o.after, "has no recording with the split, paging and memory of one in " + o.before};
    return all;
}

Statistics read(Trace& trace, const fs::path& directory, const std::vector<Profile>& costs, const std::string& symbols) {
    Statistics s = collect_statistics(trace, costs, chosen_symbols(symbols, directory, trace.run()));
    if (const std::string note = trace.incomplete_note(); !note.empty()) std::cerr << "zonescope: " << note << '\n';
    return s;
}

// Both are read with the first one's figures.
Difference difference_of(const Pair& pair, const Options& o) {
    Trace before{pair.before}, after{pair.after};
    before.show_progress(), after.show_progress();
    std::vector<Profile> costs = chosen_profiles(pair.before, before.run(), o.profiles);
    const std::vector<std::string>& others = after.run().profiles;
    costs.erase(std::remove_if(costs.begin(), costs.end(), [&](const Profile& p) { return std::find(others.begin(), others.end(), p.name) == others.end(); }), costs.end());
    if (costs.empty())
        throw InputError{pair.after.string(), "has none of the profiles of " + pair.before.string() + "; it has " + join(others) + ", that has " + join(before.run().profiles)};
    return difference(read(before, pair.before, costs, o.symbols), read(after, pair.after, costs, o.symbols), pair.label);
}

void print_json(const std::vector<Difference>& all, const Pairs& pairs, double threshold, bool worse) {
    auto list = nlohmann::ordered_json::array();
    for (const Difference& d : all) list.push_back(difference_json(d, threshold));
    std::cout << nlohmann::ordered_json{{"schema", stat_schema}, {"threshold", threshold}, {"regression", worse}, {"pairs", list}, {"unmatched", pairs.unmatched}}.dump(2) << '\n';
}

void print_text(const std::vector<Difference>& all, const Pairs& pairs, double threshold) {
    for (const Difference& d : all) {
        if (&d != &all.front()) std::cout << '\n';
        print_difference(d, threshold, std::cout);
    }
    for (const std::string& cell : pairs.unmatched) std::cout << "\nnot compared: " << cell << '\n';
}

Status run(const Options& o) {
    const Pairs pairs = pairs_of(o);
    const double threshold = o.threshold / 100;
    std::vector<Difference> all;
    for (const Pair& pair : pairs.pairs) all.push_back(difference_of(pair, o));
    const bool worse = std::any_of(all.begin(), all.end(), [&](const Difference& d) { return !regressions(d, threshold).empty(); });
    const Pager pager;
    if (o.json) print_json(all, pairs, threshold, worse);
    else print_text(all, pairs, threshold);
    return worse ? Status::failed : Status::done;
}

}  // namespace

void add_diff(CLI::App& app, Verb& chosen) {
    CLI::App* verb = app.add_subcommand("diff", "Print what changed between two recordings or sweeps; exit 1 if something surely became slower");
    auto o = std::make_shared<Options>();
    verb->add_option("BEFORE", o->before, "Trace directory, or a sweep's")->required();
    verb->add_option("AFTER", o->after, "What to compare with it")->required();
    verb->add_option("--threshold", o->threshold, "Exit 1 if an operation surely takes more than P percent longer")->type_name("P")->check(CLI::NonNegativeNumber)->capture_default_str();
    add_profile_option(*verb, o->profiles);
    add_symbols_option(*verb, o->symbols);
    verb->add_flag("--json", o->json, "Print JSON with stable keys (doc/json.md)");
    verb->callback([=, &chosen] { chosen = [=] { return run(*o); }; });
}

}  // namespace tools
