// SPDX-License-Identifier: LGPL-2.1-or-later
// The verb `profiles`: lists the CPU profiles, or prints every figure of one with its interval and source.
#include <algorithm>
#include <iostream>
#include <memory>
#include <sstream>

#include <CLI/CLI.hpp>

#include "profile.hpp"
#include "profiles.hpp"
#include "text_table.hpp"
#include "verbs.hpp"

namespace tools {
namespace {

constexpr unsigned text_width = 110;  // columns of the source notes

std::string number(double v) {
    std::ostringstream text;
    text << v;
    return text.str();
}

}  // namespace

void print_profile_list(const std::vector<Profile>& profiles, std::ostream& out) {
    TextTable table{{{"profile", Align::left}, {"processor", Align::left}}};
    for (const Profile& p : profiles) table.row({p.name, p.title});
    table.print(out);
}

void print_profile(Profile profile, std::ostream& out) {
    out << profile.name << ": " << profile.title << "\n\n";
    TextTable table{{{"figure", Align::left}, {"best"}, {"low"}, {"high"}, {"unit", Align::left}, {"source", Align::left}, {"what it is", Align::left}}};
    std::vector<std::string> sources;
    for (const FigureKey& key : figure_keys()) {
        const Figure& f = key.at(profile);
        auto at = std::find(sources.begin(), sources.end(), f.source);
        if (at == sources.end()) at = sources.insert(sources.end(), f.source);
        const std::string note = "[" + std::to_string(at - sources.begin() + 1) + "]" + (f.assumed() ? " assumed" : "");
        table.row({std::string{key.table} + "." + key.key, number(f.best), number(f.low), number(f.high), key.unit, note, key.meaning});
    }
    table.print(out);
    out << "\nSources\n";
    for (size_t i = 0; i < sources.size(); ++i) {
        const std::string mark = "[" + std::to_string(i + 1) + "] ";
        out << wrapped(mark + sources[i], text_width, static_cast<unsigned>(mark.size())) << '\n';
    }
    out << "\nThe figures are in " << profile.file.string() << "; `zonescope stat DIR --profile FILE` uses a changed copy.\n";
}

void add_profiles(CLI::App& app, Verb& chosen) {
    CLI::App* verb = app.add_subcommand("profiles", "List the CPU profiles, or print every figure of one with its source");
    auto which = std::make_shared<std::string>();
    verb->add_option("PROFILE", *which, "Name of a profile, or the path of a .toml file; without it, all are listed");
    verb->callback([=, &chosen] {
        chosen = [=] {
            if (which->empty()) print_profile_list(all_profiles(), std::cout);
            else print_profile(find_profile(*which), std::cout);
            return Status::done;
        };
    });
}

}  // namespace tools
