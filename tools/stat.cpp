// SPDX-License-Identifier: LGPL-2.1-or-later
// The verb `stat`: what a trace's events add up to.
#include <algorithm>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "stat_output.hpp"
#include "verbs.hpp"

namespace tools {
namespace {

struct Options {
    std::string directory;
    std::vector<std::string> profile_files;
    bool json = false, csv = false;
};

// The costs of each recorded profile: from a file the user gave for it, else the one that came with zonescope.
std::vector<Profile> costs_for(const RunInfo& run, const std::vector<std::string>& files) {
    std::vector<Profile> given;
    for (const std::string& file : files) given.push_back(find_profile(file));
    std::vector<Profile> costs;
    for (const std::string& name : run.profiles) {
        const auto own = std::find_if(given.begin(), given.end(), [&](const Profile& p) { return p.name == name; });
        costs.push_back(own == given.end() ? find_profile(name) : *own);
    }
    for (const Profile& p : given)
        if (std::find(run.profiles.begin(), run.profiles.end(), p.name) == run.profiles.end())
            throw InputError{p.file.string(), "profile '" + p.name + "' was not modelled in this recording; its costs would go unused"};
    return costs;
}

Status run(const Options& o) {
    Trace trace{o.directory};
    const Statistics s = collect_statistics(trace, costs_for(trace.run(), o.profile_files));
    if (const std::string note = trace.incomplete_note(); !note.empty()) std::cerr << "zonescope: " << note << '\n';
    if (o.json) std::cout << statistics_json(s).dump(2) << '\n';
    else if (o.csv) std::cout << statistics_csv(s);
    else print_statistics(s, std::cout);
    return Status::done;
}

}  // namespace

void add_stat(CLI::App& app, Verb& chosen) {
    CLI::App* verb = app.add_subcommand("stat", "Print what a trace adds up to: TLB misses, walks, refills and cycles per zone, region and span");
    auto o = std::make_shared<Options>();
    verb->add_option("DIR", o->directory, "Trace directory")->required();
    CLI::Option* json = verb->add_flag("--json", o->json, "Print JSON with stable keys (man zonescope-stat)");
    verb->add_flag("--csv", o->csv, "Print one value a line: section,name,metric,profile,value")->excludes(json);
    verb->add_option("--profile", o->profile_files, "Take the costs of a recorded profile from this .toml FILE")->type_name("FILE");
    verb->callback([=, &chosen] { chosen = [=] { return run(*o); }; });
}

}  // namespace tools
