// SPDX-License-Identifier: LGPL-2.1-or-later
// The verb `claims`: what is said about the zoned memory model, each sentence with its experiment and verdict.
#include <algorithm>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "claims/experiment.hpp"
#include "claims/recordings.hpp"
#include "command_line.hpp"
#include "interruption.hpp"
#include "profile_selection.hpp"
#include "record_options.hpp"
#include "terminal.hpp"
#include "text_table.hpp"
#include "verbs.hpp"

namespace tools {
namespace {

using namespace claims;

constexpr unsigned default_jobs = 2;

struct Options {
    std::vector<std::string> names;
    std::string profiles = "p6", output;
    unsigned jobs = default_jobs;
    bool json = false;
};

std::vector<std::string> known_names() {
    std::vector<std::string> names;
    for (const Claim& c : catalogue()) names.emplace_back(c.id);
    return names;
}

// Those named, in the catalogue's order; all if none is.
std::vector<const Claim*> chosen_claims(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        for (const LaterClaim& later : later_claims)
            if (name == later.id)
                throw InputError{name,
                                 std::string{"has no experiment yet: "} + later.why + "; known now: " + join(known_names())};
        if (const auto known = known_names(); std::find(known.begin(), known.end(), name) == known.end())
            throw InputError{name, "no such claim; give one of " + join(known)};
    }
    std::vector<const Claim*> chosen;
    for (const Claim& c : catalogue())
        if (names.empty() || std::find(names.begin(), names.end(), c.id) != names.end()) chosen.push_back(&c);
    return chosen;
}

void print_summary(const std::vector<Result>& results, std::ostream& out) {
    TextTable table{{{"claim", Align::left}, {"verdict", Align::left}}};
    for (const Result& r : results) table.row({r.claim->id, verdicts_text(r)});
    table.print(out);
}

Status run(const Options& o) {
    const std::vector<const Claim*> chosen = chosen_claims(o.names);
    const std::vector<std::string> profiles = parse_list(o.profiles, "--profile", built_in_profiles());
    std::vector<Recording> recordings = recordings_for(chosen, catalogue(), profiles, o.output);
    remember_interruptions();
    {
        ProgressLine line;
        make_recordings(recordings, o.output, o.jobs, [&](size_t done, size_t all) {
            line.draw("recording: " + std::to_string(done) + " of " + std::to_string(all),
                      static_cast<double>(done) / static_cast<double>(all));
        });
    }
    const std::vector<Evidence> evidence = evidence_from(recordings, profiles);
    std::vector<Result> results;
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const Claim* claim : chosen) {
        results.push_back(run_experiment(*claim, evidence, profiles));
        list.push_back(json_of(results.back()));
        if (!o.json) print(results.back(), std::cout);
    }
    write_results(o.output, list);
    if (o.json)
        std::cout << nlohmann::ordered_json{{"claims", list}}.dump(2) << '\n';
    else
        print_summary(results, std::cout);
    bool all_ran = true;
    for (const Result& r : results) {
        if (r.ran) continue;  // by one profile if by any
        all_ran = false;
        std::cerr << "zonescope: " << r.claim->id << ": could not run: " << r.problem << '\n';
    }
    return all_ran ? Status::done : Status::failed;
}

}  // namespace

void add_claims(CLI::App& app, Verb& chosen) {
    CLI::App* verb = app.add_subcommand(
        "claims", "Measure what is said about 32-bit memory zones: each claim with its experiment and verdict");
    auto o = std::make_shared<Options>();
    verb->add_option("NAME", o->names, "Claims, of those that --help-all lists; without one, all")->type_name("");
    verb->add_flag("--json", o->json, "Print JSON (man zonescope-claims)");
    verb->add_option("--profile", o->profiles, "CPU profiles to judge by, or all; one recording serves them all (default p6)")->type_name("P[,P...]");
    verb->add_option("-j", o->jobs, "Recordings at a time (default 2)")->type_name("N")->check(whole_number(1));
    verb->add_option("-o", o->output, "Directory to make; the recordings that a former run left there are used again")
        ->type_name("DIR")
        ->required();
    verb->footer("Claims: " + join(known_names()));
    verb->callback([=, &chosen] { chosen = [=] { return run(*o); }; });
}

}  // namespace tools
