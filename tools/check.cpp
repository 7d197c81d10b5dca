// SPDX-License-Identifier: LGPL-2.1-or-later
// The verb `check`: proves a trace, or says where it is broken.
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "checker.hpp"
#include "conservation.hpp"
#include "profile_selection.hpp"
#include "text_table.hpp"
#include "verbs.hpp"

namespace tools {
namespace {

Status run(const std::string& directory) try {
    Trace trace{directory};
    trace.show_progress();
    const CheckReport report = check_trace(trace);
    check_conservation(collect_statistics(trace, profiles_of(directory, trace.run())), directory);
    std::cout << directory << ": sound, " << (report.notes.empty() ? "complete" : "incomplete") << ": " << grouped(report.events) << " events in "
              << grouped(report.packets) << " packets, " << grouped(report.bytes) << " bytes\n";
    for (const std::string& note : report.notes) std::cout << "  " << note << '\n';
    return Status::done;
} catch (const TraceError& e) {
    throw Failure{"", e.what()};  // a broken trace is what this verb is there to find: status 1
}

}  // namespace

void add_check(CLI::App& app, Verb& chosen) {
    CLI::App* verb = app.add_subcommand("check", "Prove a trace's invariants; exit status 1, with file and offset, if it is broken");
    auto directory = std::make_shared<std::string>();
    verb->add_option("DIR", *directory, "Trace directory")->required();
    verb->callback([=, &chosen] { chosen = [=] { return run(*directory); }; });
}

}  // namespace tools
