// SPDX-License-Identifier: LGPL-2.1-or-later
// The verb `record`: one recording of one guest.
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "command_line.hpp"
#include "help.hpp"
#include "interruption.hpp"
#include "oddities.hpp"
#include "record_arguments.hpp"
#include "record_outcome.hpp"
#include "terminal.hpp"
#include "text_table.hpp"
#include "verbs.hpp"

namespace tools {
namespace {

Status run(RecordArguments o) {
    RecordOptions& r = o.record;
    complete_options(o, "record");
    check_record_options(r);

    remember_interruptions();
    RecordOutcome outcome;
    {
        ProgressLine line;
        const double limit = static_cast<double>(r.instructions);
        outcome = record(r, [&](uint64_t ticks, uint64_t bytes) {
            line.draw("recording " + guest_title(r) + ": " + grouped(ticks / 1000000) + " M ticks, " + grouped(bytes >> 20) + " MiB of trace",
                      limit > 0 ? static_cast<double>(ticks) / limit : -1);
        });
    }
    for (const std::string& line : outcome.guest_failures) std::cerr << "zonescope: guest: " << line << '\n';
    for (const std::string& warning : outcome.run.warnings) std::cerr << "zonescope: " << o.output << ": warning: " << warning << '\n';
    for (const OddityInfo& oddity : outcome.run.oddities) std::cerr << "zonescope: " << o.output << ": " << oddity_line(oddity) << '\n';
    if (const std::string found = missing_flushes(outcome.run, o.output); !found.empty()) std::cerr << "zonescope: " << found << '\n';
    if (outcome.status != Status::done) throw Error{outcome.status, o.output, outcome.problem};
    if (!r.save.empty())
        std::cout << r.save.string() << ": " << guest_title(r) << ", saved at " << outcome.run.until->mark << " after " << grouped(outcome.run.until->instructions)
                  << " instructions. Next: zonescope record --resume-from " << r.save.string() << " -o DIR\n";
    if (!r.record) return outcome.status;
    std::cout << o.output << ": " << guest_title(r) << ", " << grouped(outcome.run.instructions) << " instructions, " << grouped(outcome.stream_bytes)
              << " bytes of trace; ended: " << name(outcome.run.reason) << ". Next: zonescope stat " << o.output << '\n';
    return outcome.status;
}

}  // namespace

void add_record(CLI::App& app, Verb& chosen) {
    CLI::App* verb = app.add_subcommand("record", "Boot a guest in Bochs and record what its paging does");
    auto o = std::make_shared<RecordArguments>();
    add_record_arguments(*verb, *o, "Show the guest's screen in a window, and the viewer beside it");
    verb->callback([=, &chosen] {
        note_given(*verb, *o);
        o->record.serve = verb->count("--live") != 0 || o->record.gui;
        chosen = [=] { return run(*o); };
    });
}

}  // namespace tools
