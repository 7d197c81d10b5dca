// SPDX-License-Identifier: LGPL-2.1-or-later
// The verb `stale`: the missing TLB flushes that a recording found.
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "common_options.hpp"
#include "pager.hpp"
#include "stale_output.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace tools {
namespace {

// A recording that did not look has nothing to say, and must not look like one that found nothing.
void require_search(const RunInfo& run, const std::vector<StaleReport>& reports, const std::string& directory) {
    if (!reports.empty()) return;
    if (!run.stale && run.complete)
        throw InputError{directory, "was recorded by a zonescope that did not look for missing flushes; record again"};
    if (!run.stale) throw InputError{directory, "was cut off before it said whether it looked for missing flushes; record again"};
    if (run.stale->mode == "off") throw InputError{directory, "was recorded with --stale off; record again without it"};
    if (!run.counted())
        throw InputError{directory, "was killed, or is recorded still: no missing flush up to its last packet, but what the search had no room for is unknown; record to the end"};
}

struct Options {
    std::string directory, symbols;
    bool json = false;
};

Status run(const Options& o) {
    const std::string& directory = o.directory;
    Trace trace{directory};
    trace.show_progress();
    const std::vector<StaleReport> reports = collect_stale(trace);
    const RunInfo& info = trace.run();
    require_search(info, reports, directory);
    if (const std::string note = trace.incomplete_note(); !note.empty()) std::cerr << "zonescope: " << note << '\n';
    const Symbols symbols = chosen_symbols(o.symbols, directory, info);
    const StaleNames names{info, symbols};
    const Pager pager;
    if (o.json) std::cout << stale_document(reports, names).dump(2) << '\n';
    else print_stale(reports, names, directory, colours(), std::cout);
    if (!reports.empty()) return Status::failed;
    return info.long_mode_instructions ? Status::wrong_input : Status::done;  // not all was looked at
}

}  // namespace

void add_stale(CLI::App& app, Verb& chosen) {
    CLI::App* verb = app.add_subcommand("stale", "Print the missing TLB flushes that a recording found; exit status 1 if there are any");
    auto o = std::make_shared<Options>();
    verb->add_option("DIR", o->directory, "Trace directory")->required();
    verb->add_flag("--json", o->json, "Print JSON with stable keys (man zonescope-stale)");
    add_symbols_option(*verb, o->symbols);
    verb->callback([=, &chosen] { chosen = [=] { return run(*o); }; });
}

}  // namespace tools
