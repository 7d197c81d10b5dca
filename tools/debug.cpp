// SPDX-License-Identifier: LGPL-2.1-or-later
// The verb `debug`: the guest of `record`, run by Bochs' debugger.
#include <signal.h>
#include <stdlib.h>

#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "debugger_script.hpp"
#include "help.hpp"
#include "interruption.hpp"
#include "record_arguments.hpp"
#include "record_outcome.hpp"
#include "text_table.hpp"
#include "verbs.hpp"

namespace tools {
namespace {

// A recording that nobody asked for stays there: it may turn out to be of use.
std::string new_directory() {
    std::string name = (std::filesystem::temp_directory_path() / "zonescope-debug.XXXXXX").string();
    if (!mkdtemp(name.data())) throw Failure{name, "cannot be made; give a directory with -o"};
    return name;
}

Status run(RecordArguments o) {
    RecordOptions& r = o.record;
    r.debugger = true;
    if (o.output.empty()) o.output = new_directory();
    complete_options(o, "debug");
    check_record_options(r);
    check_debugger_options(r);
    std::cout << "zonescope: the recording is in " << o.output << "; `c` runs the guest, `zs help` lists the recording's commands" << std::endl;
    remember_interruptions();
    signal(SIGINT, SIG_IGN);  // the terminal gives it to the debugger, too
    const RecordOutcome outcome = record(r, [](uint64_t, uint64_t) {});
    for (const std::string& warning : outcome.run.warnings) std::cerr << "zonescope: " << o.output << ": warning: " << warning << '\n';
    if (const std::string found = missing_flushes(outcome.run, o.output); !found.empty()) std::cerr << "zonescope: " << found << '\n';
    if (outcome.status != Status::done) throw Error{outcome.status, o.output, outcome.problem};
    std::cout << o.output << ": " << guest_title(r) << ", ended: " << (outcome.run.complete ? name(outcome.run.reason) : outcome.run.detail.c_str())
              << ". Next: zonescope stat " << o.output << '\n';
    return Status::done;
}

}  // namespace

void add_debug(CLI::App& app, Verb& chosen) {
    CLI::App* verb = app.add_subcommand("debug", "Run a guest in Bochs' debugger, with breaks on what paging does");
    auto o = std::make_shared<RecordArguments>();
    verb->add_option("--commands", o->record.commands, "Run the debugger's commands in this file first; quit then, unless at a terminal")->type_name("FILE");
    add_record_arguments(*verb, *o, "Show the debugger's windows and the guest's screen, not a prompt");
    make_rare(*verb, {"--profile", "--append", "--system-map", "--instructions", "--timeout", "--references", "--from-mark", "--until"});
    verb->get_option("--symbols")->group("Options"), verb->get_option("--gui")->group("Options");
    verb->callback([=, &chosen] {
        note_given(*verb, *o);
        o->record.serve = verb->count("--live") != 0;
        chosen = [=] { return run(*o); };
    });
}

}  // namespace tools
