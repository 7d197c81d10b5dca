// SPDX-License-Identifier: LGPL-2.1-or-later
// The verb `export`: a trace for other programs.
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "command_line.hpp"
#include "common_options.hpp"
#include "dump.hpp"
#include "export_formats.hpp"
#include "output_file.hpp"
#include "stat_inputs.hpp"
#include "verbs.hpp"

namespace tools {
namespace {

namespace fs = std::filesystem;

struct Options {
    std::string directory, format, output, table, symbols;
    std::vector<std::string> profiles;
    unsigned intervals = default_intervals;
};

void export_tables(const Options& o, Trace& trace) {
    const Symbols symbols = chosen_symbols(o.symbols, o.directory, trace.run());
    const Statistics s = collect_statistics(trace, chosen_profiles(o.directory, trace.run(), o.profiles), symbols);
    const std::vector<CsvTable> tables = csv_tables(s, symbols);
    if (!o.table.empty()) {
        std::vector<std::string> names;
        for (const CsvTable& t : tables) names.push_back(t.name);
        (void)parse_choice(o.table, "--table", names);
        for (const CsvTable& t : tables)
            if (t.name == o.table) write_file(o.output, [&](std::ostream& out) { write_csv(t, out); });
        return;
    }
    if (o.output == "-" || fs::path{o.output}.extension() == ".csv") return write_file(o.output, [&](std::ostream& out) { out << statistics_csv(s, symbols); });
    fs::create_directories(o.output);
    for (const CsvTable& t : tables) write_file(fs::path{o.output} / (t.name + ".csv"), [&](std::ostream& out) { write_csv(t, out); });
}

Status run(const Options& o) {
    (void)parse_choice(o.format, "--format", export_formats);
    if (!o.table.empty() && o.format != "csv") throw InputError{"--table", "is for --format csv"};
    if (!o.profiles.empty() && o.format != "csv") throw InputError{"--profile", "is for --format csv; the others have all profiles of the recording"};
    Trace trace{o.directory};
    if (o.output != "-") trace.show_progress();
    DumpFilter filter;
    filter.name_functions = !o.symbols.empty();
    if (filter.name_functions) filter.symbols = chosen_symbols(o.symbols, o.directory, trace.run());
    if (o.format == "csv") export_tables(o, trace);
    else if (o.format == "json") write_file(o.output, [&](std::ostream& out) { dump(trace, filter, true, out); });
    else write_file(o.output, [&](std::ostream& out) { export_perfetto(trace, chosen_symbols(o.symbols, o.directory, trace.run()), o.intervals, out); });
    if (const std::string note = trace.incomplete_note(); !note.empty()) std::cerr << "zonescope: " << note << '\n';
    return Status::done;
}

}  // namespace

void add_export(CLI::App& app, Verb& chosen) {
    CLI::App* verb = app.add_subcommand("export", "Write a trace for other programs: Perfetto and Chrome's tracing, CSV, JSON lines");
    auto o = std::make_shared<Options>();
    verb->add_option("DIR", o->directory, "Trace directory")->required();
    verb->add_option("--format", o->format, "perfetto (opens in ui.perfetto.dev), csv (what stat knows), json (an event a line)")->type_name("F")->required();
    verb->add_option("-o,--output", o->output, "File to write; - is standard output. csv: a directory, for a file a table")->type_name("FILE")->required();
    verb->add_option("--table", o->table, "csv: only this table, such as zones, spans or functions, to FILE")->type_name("T");
    add_profile_option(*verb, o->profiles, "csv: ");
    add_symbols_option(*verb, o->symbols);
    verb->add_option("--intervals", o->intervals, "perfetto: how many points a counter has")->type_name("N")->check(CLI::Range(1, 1'000'000))->capture_default_str();
    verb->callback([=, &chosen] { chosen = [=] { return run(*o); }; });
}

}  // namespace tools
