// SPDX-License-Identifier: LGPL-2.1-or-later
// The verb `sweep`: records several splits, pagings and memory sizes, and prints them side by side.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "command_line.hpp"
#include "interruption.hpp"
#include "paths.hpp"
#include "profile_selection.hpp"
#include "record_options.hpp"
#include "record_outcome.hpp"
#include "sweep_cells.hpp"
#include "sweep_table.hpp"
#include "terminal.hpp"
#include "text_table.hpp"
#include "verbs.hpp"

namespace tools {
namespace {

struct Options {
    std::string splits = "all", pagings = "classic", memories = "1G", workload = "all", profiles = default_profile, output;
    RecordOptions common;  // --stale, --stop-on-stale, --from-mark, --until, --symbols
    unsigned jobs = 1;
    double timeout = 0;
    bool resume = false;
};

// `all` means the pagings whose kernels exist for every split.
std::vector<std::string> pagings_of(const Options& o, const std::vector<std::string>& splits) {
    std::vector<std::string> pagings = parse_list(o.pagings, "--pagings", paging_names());
    if (o.pagings != "all") return pagings;
    std::erase_if(pagings, [&](const std::string& paging) {
        return std::any_of(splits.begin(), splits.end(), [&](const std::string& split) { return !kernel_exists(split, paging); });
    });
    if (pagings.empty()) throw InputError{paths().kernels.string(), "there are no guest kernels here; run `make` (or `./setup`) first"};
    return pagings;
}

SweepPlan plan_of(const Options& o) {
    SweepPlan plan;
    plan.splits = parse_list(o.splits, "--splits", split_names());
    plan.pagings = pagings_of(o, plan.splits);
    for (size_t from = 0; from <= o.memories.size();) {
        const size_t comma = std::min(o.memories.find(',', from), o.memories.size());
        const uint64_t mib = parse_memory(o.memories.substr(from, comma - from), "--memory");
        if (std::find(plan.memories.begin(), plan.memories.end(), mib) == plan.memories.end()) plan.memories.push_back(mib);
        from = comma + 1;
    }
    plan.common = o.common;
    plan.common.workload = o.workload;
    plan.common.profiles = profile_words(o.profiles);
    plan.common.timeout = o.timeout;
    plan.output = o.output;
    plan.jobs = o.jobs;
    plan.resume = o.resume;
    return plan;
}

// Only what tells the cells apart.
std::string label_of(const SweepPlan& plan, const RecordOptions& o) {
    std::string label = o.split;
    if (plan.pagings.size() > 1) label += " " + o.paging;
    if (plan.memories.size() > 1) label += " " + std::to_string(o.memory_mib) + "M";
    return label;
}

Status run(const Options& o) {
    const SweepPlan plan = plan_of(o);
    std::vector<SweepCell> cells = cells_of(plan);
    remember_interruptions();
    const auto start = std::chrono::steady_clock::now();
    {
        ProgressLine line;
        run_cells(plan, cells, [&](size_t done, size_t all) {
            line.draw("recording: " + std::to_string(done) + " of " + std::to_string(all) + " cells", static_cast<double>(done) / static_cast<double>(all));
        });
    }
    const double seconds = std::chrono::duration<double>{std::chrono::steady_clock::now() - start}.count();
    std::vector<SweepRow> rows;
    size_t recorded = 0, failed = 0;
    for (const SweepCell& cell : cells) {
        if (cell.status != Status::done) {
            ++failed;
            std::cerr << "zonescope: " << (plan.output / cell.directory).string() << ": " << cell.problem << '\n';
            continue;
        }
        recorded += !cell.kept;
        Trace trace{cell.options.output};
        if (const std::string found = missing_flushes(trace.run(), cell.options.output); !found.empty()) std::cerr << "zonescope: " << found << '\n';
        std::ifstream console{cell.options.output / hidden_directory / console_file};
        rows.push_back({label_of(plan, cell.options), collect_statistics(trace, profiles_of(cell.options.output, trace.run())), skipped_workloads(console)});
    }
    print_sweep(rows, std::cout);
    std::cout << '\n' << o.output << ": " << recorded << (recorded == 1 ? " cell" : " cells") << " recorded in " << rounded(seconds) << " s";
    if (const size_t kept = cells.size() - recorded - failed; kept) std::cout << ", " << kept << " kept from before";
    std::cout << (failed ? ", " + std::to_string(failed) + " failed" : "") << '\n';
    if (const std::vector<std::string> former = former_cells(plan, cells); !former.empty())
        std::cout << o.output << ": not of this sweep, but of a former one: " << join(former) << '\n';
    return failed ? Status::failed : Status::done;
}

}  // namespace

void add_sweep(CLI::App& app, Verb& chosen) {
    CLI::App* verb = app.add_subcommand("sweep", "Record several splits, pagings and memory sizes; print them side by side");
    auto o = std::make_shared<Options>();
    verb->add_option("--splits", o->splits, "Splits: all, or some of " + join(split_names()) + " (default all)")->type_name("U:K[,...]");
    verb->add_option("--pagings", o->pagings, "Pagings: all, classic, pae (default classic)")->type_name("P[,...]");
    verb->add_option("--memory", o->memories, "Memory sizes (default 1G)")->type_name("S[,S...]");
    verb->add_option("--workload", o->workload, "As for record (default all)")->type_name("W[,W...]");
    verb->add_option("--profile", o->profiles, "As for record (default p6)")->type_name("P[,P...]");
    verb->add_option("--timeout", o->timeout, "As for record, for each cell")->type_name("S")->check(positive_number());
    add_stale_options(*verb, o->common);
    add_mark_options(*verb, o->common);
    verb->add_option("-j", o->jobs, "Recordings at a time (default 1)")->type_name("N")->check(whole_number(1));
    verb->add_flag("--resume", o->resume, "Keep the cells that are complete");
    verb->add_option("-o", o->output, "Sweep directory to make: a trace directory for each cell, such as 3-1-classic-1024M, and sweep.json")->type_name("DIR")->required();
    verb->callback([=, &chosen] { chosen = [=] { return run(*o); }; });
}

}  // namespace tools
