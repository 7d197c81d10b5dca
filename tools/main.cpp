// SPDX-License-Identifier: LGPL-2.1-or-later
// The zonescope command: parses the verb and its options, runs it, turns what it throws into one line and a status.
#include <cstdio>
#include <iostream>

#include <CLI/CLI.hpp>

#include "command_line.hpp"
#include "help.hpp"
#include "paths.hpp"
#include "program_end.hpp"
#include "verbs.hpp"

namespace {

using tools::complain;

// Output that never reached the file (a full disk, a closed pipe) must not look like success.
int finish(tools::Status status) {
    std::cout.flush();
    if (!std::cout || std::fflush(stdout) != 0) return complain("standard output: cannot be written; is the disk full?", tools::Status::failed);
    return static_cast<int>(status);
}

int run(int argc, char** argv) {
    CLI::App app{"See what 32-bit paging costs: TLB misses, page walks and flushes by zone.", "zonescope"};
    app.set_version_flag("--version", std::string{"zonescope "} + tools::version());
    app.require_subcommand(0, 1);
    tools::set_help(app);
    app.footer("Start with `zonescope record -o DIR`, then `zonescope stat DIR`; man zonescope.");

    tools::Verb chosen;
    tools::add_record(app, chosen);
    tools::add_sweep(app, chosen);
    tools::add_stat(app, chosen);
    tools::add_annotate(app, chosen);
    tools::add_diff(app, chosen);
    tools::add_dump(app, chosen);
    tools::add_export(app, chosen);
    tools::add_replay(app, chosen);
    tools::add_report(app, chosen);
    tools::add_view(app, chosen);
    tools::add_stale(app, chosen);
    tools::add_check(app, chosen);
    tools::add_claims(app, chosen);
    tools::add_debug(app, chosen);
    tools::add_linux_image(app, chosen);
    tools::add_profiles(app, chosen);
    tools::add_completion(app, chosen);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        if (e.get_exit_code() == 0) return app.exit(e), finish(tools::Status::done);  // --help and --version
        return complain(tools::explain_parse_error(app, e, argc, argv), tools::Status::wrong_input);
    }
    if (!chosen) return complain("a verb is missing; one of " + tools::verb_names(app) + " (zonescope --help)", tools::Status::wrong_input);
    return finish(chosen());
}

}  // namespace

int main(int argc, char** argv) {
    return tools::run_program([&] { return run(argc, argv); });
}
