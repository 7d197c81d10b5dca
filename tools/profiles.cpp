// SPDX-License-Identifier: LGPL-2.1-or-later
// The verb `profiles`: lists the CPU profiles, or prints every figure of one with its interval and source.
#include <algorithm>
#include <iostream>
#include <memory>
#include <sstream>

#include <CLI/CLI.hpp>

#include "command_line.hpp"
#include "pager.hpp"
#include "profile_keys.hpp"
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

// "64", or "128 (64-128)" where the sources leave something open.
std::string with_interval(const Figure& f) {
    return number(f.best) + (f.low == f.high ? "" : " (" + number(f.low) + "-" + number(f.high) + ")");
}

// Numbers the sources in the order in which they are first needed.
class Sources final {
public:
    // "[3]", or "[4] assumed".
    template <class Sourced>
    std::string note(const Sourced& value) {
        auto at = std::find(all_.begin(), all_.end(), value.source);
        if (at == all_.end()) at = all_.insert(all_.end(), value.source);
        return "[" + std::to_string(at - all_.begin() + 1) + "]" + (value.assumed() ? " assumed" : "");
    }
    void print(std::ostream& out) const {
        for (size_t i = 0; i < all_.size(); ++i) {
            const std::string mark = "[" + std::to_string(i + 1) + "] ";
            out << wrapped(mark + all_[i], text_width, static_cast<unsigned>(mark.size())) << '\n';
        }
    }

private:
    std::vector<std::string> all_;
};

void print_tlbs(const Profile& p, Sources& sources, std::ostream& out) {
    TextTable table{{{"tlb", Align::left}, {"entries"}, {"source", Align::left}, {"ways"}, {"source", Align::left}, {"replacement", Align::left},
                     {"source", Align::left}}};
    std::vector<std::string> absent, assumed;
    for (const TlbKey& k : tlb_keys) {
        const TlbFigures& t = p.*k.at;
        if (!t.exists() && t.entries.source.empty()) absent.emplace_back(k.key);
        else if (!t.exists()) assumed.push_back(std::string{k.key} + " (" + number(t.entries.low) + "-" + number(t.entries.high) + " entries) " + sources.note(t.entries));
        else
            table.row({k.key, with_interval(t.entries), sources.note(t.entries), with_interval(t.ways), sources.note(t.ways), t.replacement.is,
                       sources.note(t.replacement)});
    }
    table.print(out);
    if (!absent.empty()) out << wrapped("It has no " + join(absent) + ".", text_width, 4) << '\n';
    if (!assumed.empty()) out << "It is taken to have no " << join(assumed) << ".\n";
}

void print_shape(const Profile& p, Sources& sources, std::ostream& out) {
    TextTable table{{{"tlb.shape", Align::left}, {"is", Align::left}, {"source", Align::left}, {"what it is", Align::left}}};
    for (const ShapeKey& k : shape_keys)
        if (const Choice& c = p.*k.at; !c.is.empty()) table.row({k.key, c.is, sources.note(c), k.meaning});
    table.print(out);
}

void print_figures(const Profile& p, Sources& sources, std::ostream& out) {
    TextTable table{{{"figure", Align::left}, {"best"}, {"low"}, {"high"}, {"unit", Align::left}, {"source", Align::left}, {"what it is", Align::left}}};
    for (const FigureKey& k : figure_keys) {
        const Figure& f = p.*k.at;
        table.row({std::string{k.table} + "." + k.key, number(f.best), number(f.low), number(f.high), k.unit, sources.note(f), k.meaning});
    }
    table.print(out);
}

}  // namespace

void print_profile_list(const std::vector<Profile>& profiles, std::ostream& out) {
    TextTable table{{{"profile", Align::left}, {"processor", Align::left}}};
    for (const Profile& p : profiles) table.row({p.name, p.title});
    table.print(out);
}

void print_profile(const Profile& profile, std::ostream& out) {
    Sources sources;
    out << profile.name << ": " << profile.title << "\n\n";
    print_tlbs(profile, sources, out);
    out << '\n';
    print_shape(profile, sources, out);
    out << '\n';
    print_figures(profile, sources, out);
    out << "\nSources\n";
    sources.print(out);
    out << "\nThe figures are in " << profile.file.lexically_normal().string() << "; `zonescope stat DIR --profile FILE` uses a changed copy.\n";
}

void add_profiles(CLI::App& app, Verb& chosen) {
    CLI::App* verb = app.add_subcommand("profiles", "List the CPU profiles, or print one's figures: each with its source");
    auto which = std::make_shared<std::string>();
    verb->add_option("PROFILE", *which, "Name of a profile, or the path of a .toml file; without it, all are listed");
    verb->callback([=, &chosen] {
        chosen = [=] {
            const Pager pager;
            if (which->empty()) print_profile_list(all_profiles(), std::cout);
            else print_profile(find_profile(*which), std::cout);
            return Status::done;
        };
    });
}

}  // namespace tools
