// SPDX-License-Identifier: LGPL-2.1-or-later
// The verb `replay`: the lookups of a recording through other TLBs.
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "pager.hpp"
#include "profile_selection.hpp"
#include "replay_output.hpp"
#include "replay_trace.hpp"
#include "text_table.hpp"
#include "trace_reader.hpp"
#include "verbs.hpp"

namespace tools {
namespace {

struct Options {
    std::string directory;
    std::vector<std::string> profiles;
    bool json = false, curve = false;
};

Status run(const Options& o) {
    Trace trace{o.directory};
    trace.show_progress();
    std::vector<std::string> words;
    for (const std::string& list : o.profiles)
        for (std::string& word : profile_words(list)) words.push_back(std::move(word));
    const ReplayResult result = replay_trace(trace, select_profiles(words, "--profile"), o.curve);
    const uint64_t long_mode = trace.run().long_mode_instructions;
    if (result.references == 0)
        throw InputError{o.directory, long_mode ? "has no references; the guest used 64-bit paging, of which lookups are not recorded"
                                                : "has no references; record again with --references"};
    if (long_mode) std::cerr << "zonescope: " << o.directory << ": " << grouped(long_mode) << " instructions ran in 64-bit paging, of which lookups are not recorded\n";
    if (const std::string note = trace.incomplete_note(); !note.empty()) std::cerr << "zonescope: " << note << '\n';
    const Pager pager;
    if (o.json) std::cout << replay_json(result).dump() << '\n';
    else print_replay(result, std::cout);
    return Status::done;
}

}  // namespace

void add_replay(CLI::App& app, Verb& chosen) {
    CLI::App* verb = app.add_subcommand("replay", "Run a recording's lookups through other TLBs; it must be made with --references");
    auto o = std::make_shared<Options>();
    o->profiles = {"all"};
    verb->add_option("DIR", o->directory, "Trace directory")->required();
    verb->add_option("--profile", o->profiles, "Names or .toml FILES of the processors; may be repeated (default all)")->type_name("P[,P...]")->expected(1)->allow_extra_args(false)->take_all();
    verb->add_flag("--curve", o->curve, "Also print the miss ratio by size of a fully associative TLB");
    verb->add_flag("--json", o->json, "Print JSON with stable keys (doc/json.md)");
    verb->callback([=, &chosen] { chosen = [=] { return run(*o); }; });
}

}  // namespace tools
