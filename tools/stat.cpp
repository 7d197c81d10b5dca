// SPDX-License-Identifier: LGPL-2.1-or-later
// The verb `stat`: what a trace's events add up to; of several traces, where the same operations are fastest.
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "common_options.hpp"
#include "pager.hpp"
#include "ranking.hpp"
#include "stat_inputs.hpp"
#include "stat_output.hpp"
#include "verbs.hpp"

namespace tools {
namespace {

struct Options {
    std::vector<std::string> directories, profiles;
    std::string symbols;
    bool json = false, csv = false, sensitivity = false;
};

Statistics read(const std::filesystem::path& directory, const Options& o) {
    Trace trace{directory};
    trace.show_progress();
    Statistics s = collect_statistics(trace, chosen_profiles(directory, trace.run(), o.profiles), chosen_symbols(o.symbols, directory, trace.run()));
    if (const std::string note = trace.incomplete_note(); !note.empty()) std::cerr << "zonescope: " << note << '\n';
    return s;
}

void print_one(const Statistics& s, const Options& o) {
    const Symbols symbols = chosen_symbols(o.symbols, s.directory, s.run);
    if (o.json) std::cout << statistics_json(s, symbols).dump(2) << '\n';
    else if (o.csv) std::cout << statistics_csv(s, symbols);
    else if (o.sensitivity) print_sensitivity(s, std::cout);
    else print_statistics(s, symbols, std::cout);
}

void print_several(const std::vector<Statistics>& all, const Options& o) {
    if (o.csv) throw InputError{"--csv", "is for one trace; --json takes several"};
    const std::vector<std::string> labels = labels_of(all);
    std::vector<Contestant> contestants;
    for (size_t i = 0; i < all.size(); ++i) contestants.push_back({labels[i], &all[i]});
    const std::vector<Ranking> rankings = rank(contestants);
    if (o.json) {
        auto traces = nlohmann::ordered_json::array();
        for (size_t i = 0; i < all.size(); ++i) {
            traces.push_back({{"recording", labels[i]}, {"directory", all[i].directory.string()}});
            traces.back().update(statistics_json(all[i], chosen_symbols(o.symbols, all[i].directory, all[i].run)));
        }
        std::cout << nlohmann::ordered_json{{"schema", stat_schema}, {"recordings", traces}, {"ranking", rankings_json(rankings, contestants)}}.dump(2) << '\n';
        return;
    }
    for (size_t i = 0; i < all.size(); ++i) std::cout << labels[i] << ": " << all[i].directory.string() << '\n';
    if (o.sensitivity) print_ranking_sensitivity(rankings, contestants, std::cout);
    else print_rankings(rankings, contestants, std::cout);
}

Status run(const Options& o) {
    std::vector<Statistics> all;
    for (const std::filesystem::path& directory : trace_directories(o.directories)) all.push_back(read(directory, o));
    const Pager pager;
    if (all.size() == 1) print_one(all.front(), o);
    else print_several(all, o);
    return Status::done;
}

}  // namespace

void add_stat(CLI::App& app, Verb& chosen) {
    CLI::App* verb = app.add_subcommand("stat", "Print what a trace adds up to: TLB misses, walks, refills and cycles per zone, region and span");
    auto o = std::make_shared<Options>();
    verb->add_option("DIR", o->directories, "Trace directory; of several, or of a sweep's, which is fastest")->required();
    CLI::Option* json = verb->add_flag("--json", o->json, "Print JSON with stable keys (man zonescope-stat)");
    CLI::Option* csv = verb->add_flag("--csv", o->csv, "Print one value a line: section,name,metric,profile,value")->excludes(json);
    verb->add_flag("--sensitivity", o->sensitivity, "Print which of the profiles' figures leave most open")->excludes(json)->excludes(csv);
    add_profile_option(*verb, o->profiles);
    add_symbols_option(*verb, o->symbols);
    verb->callback([=, &chosen] { chosen = [=] { return run(*o); }; });
}

}  // namespace tools
