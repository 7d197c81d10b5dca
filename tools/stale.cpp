// SPDX-License-Identifier: LGPL-2.1-or-later
// The verb `stale`: the missing TLB flushes that a recording found.
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "stale_output.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace tools {
namespace {

// A recording that did not look has nothing to say, and must not look like one that found nothing.
void require_search(const RunInfo& run, const std::vector<StaleReport>& reports, const std::string& directory) {
    if (!reports.empty()) return;
    if (!run.stale && run.complete) throw InputError{directory, "was recorded by a zonescope that did not look for missing flushes; record again"};
    if (!run.stale) throw InputError{directory, "was cut off before it said whether it looked for missing flushes; record again"};
    if (run.stale->mode == "off") throw InputError{directory, "was recorded with --stale off; record again without it"};
}

Status run(const std::string& directory, bool json) {
    Trace trace{directory};
    const std::vector<StaleReport> reports = collect_stale(trace);
    const RunInfo& info = trace.run();
    require_search(info, reports, directory);
    if (const std::string note = trace.incomplete_note(); !note.empty()) std::cerr << "zonescope: " << note << '\n';
    const Symbols symbols = symbols_of(directory, info.symbols);
    const StaleNames names{info, symbols};
    if (json) std::cout << stale_document(reports, names).dump(2) << '\n';
    else print_stale(reports, names, directory, colours(), std::cout);
    return reports.empty() ? Status::done : Status::failed;
}

}  // namespace

void add_stale(CLI::App& app, Verb& chosen) {
    CLI::App* verb = app.add_subcommand("stale", "Print the missing TLB flushes that a recording found; exit status 1 if there are any");
    auto directory = std::make_shared<std::string>();
    auto json = std::make_shared<bool>(false);
    verb->add_option("DIR", *directory, "Trace directory")->required();
    verb->add_flag("--json", *json, "Print JSON with stable keys (man zonescope-stale)");
    verb->callback([=, &chosen] { chosen = [=] { return run(*directory, *json); }; });
}

}  // namespace tools
