// SPDX-License-Identifier: LGPL-2.1-or-later
// The verb `report`: a page that a browser opens, of one or more recordings.
#include <fstream>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "command_line.hpp"
#include "common_options.hpp"
#include "output_file.hpp"
#include "replay_trace.hpp"
#include "report_page.hpp"
#include "stat_inputs.hpp"
#include "verbs.hpp"

namespace tools {
namespace {

namespace fs = std::filesystem;

struct Options {
    std::vector<std::string> directories, profiles;
    std::string symbols, output;
};

Statistics read_statistics(const fs::path& directory, const Options& o) {
    Trace trace{directory};
    trace.show_progress();
    Statistics s = collect_statistics(trace, chosen_profiles(directory, trace.run(), o.profiles),
                                      chosen_symbols(o.symbols, directory, trace.run()));
    if (const std::string note = trace.incomplete_note(); !note.empty()) std::cerr << "zonescope: " << note << '\n';
    return s;
}

Reported reported(const Statistics& s, const std::string& label, size_t columns, const Options& o) {
    Trace trace{s.directory};
    trace.show_progress();
    Reported r{label, &s, chosen_symbols(o.symbols, s.directory, s.run), read_timeline(trace, s, columns), {}};
    if (r.timeline.has_references) r.curves = replay_trace(trace, s.profiles, true).curves;
    return r;
}

Status run(const Options& o) {
    const PageParts parts = read_page_parts();  // before the work, which may take long
    Report report;
    std::vector<Statistics> all;
    const std::vector<fs::path> directories = trace_directories(o.directories, &report.left_out);
    all.reserve(directories.size());
    for (const fs::path& directory : directories) all.push_back(read_statistics(directory, o));
    const std::vector<std::string> labels = labels_of(all);
    size_t profiles = 1;
    for (const Statistics& s : all) profiles = std::max(profiles, s.profiles.size());
    for (size_t i = 0; i < all.size(); ++i) {
        report.recordings.push_back(reported(all[i], labels[i], walk_columns(all.size(), profiles), o));
        report.contestants.push_back({labels[i], &all[i]});
    }
    if (all.size() > 1) report.rankings = rank(report.contestants);
    std::string title = "zonescope: " + labels.front();
    if (all.size() > 1) title += " and " + std::to_string(all.size() - 1) + " more";
    write_file(o.output, [&](std::ostream& out) { write_page(parts, title, report_summary(report), report_json(report), out); });
    return Status::done;
}

}  // namespace

void add_report(CLI::App& app, Verb& chosen) {
    CLI::App* verb = app.add_subcommand("report", "Write a page for the browser: what was recorded in words, charts and tables");
    auto o = std::make_shared<Options>();
    verb->add_option("DIR", o->directories, "Trace directories, or sweep directories")->required();
    verb->add_option("-o,--output", o->output, "HTML file to write, which needs no other; - is standard output")->type_name("FILE")->required();
    add_profile_option(*verb, o->profiles);
    add_symbols_option(*verb, o->symbols);
    verb->callback([=, &chosen] { chosen = [=] { return run(*o); }; });
}

}  // namespace tools
