// SPDX-License-Identifier: LGPL-2.1-or-later
// The verb `view`: the state of a recording at a moment, in a window of the program zonescope-view, or as text.
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "help.hpp"
#include "pager.hpp"
#include "paths.hpp"
#include "verbs.hpp"
#include "view/program_options.hpp"
#include "view/state_output.hpp"
#include "view/trace_source.hpp"

namespace tools {
namespace {

struct Options {
    view::ProgramWords words;
    bool text = false, json = false;
};

// The words of zonescope-view, which are those of the verb.
std::vector<std::string> words_of(const view::ProgramWords& w) {
    std::vector<std::string> words;
    const auto give = [&](const char* option, const std::string& value) {
        if (!value.empty()) words.push_back(std::string{option} + '=' + value);
    };
    give("--live", w.live), give("--profile", w.profile), give("--filter", w.filter), give("--size", w.size), give("--inspect", w.inspect);
    give("--panel", w.panel), give("--screenshot", w.screenshot);
    if (w.cpu) give("--cpu", std::to_string(w.cpu));
    if (w.at != UINT64_MAX) give("--at", std::to_string(w.at));
    if (w.scale != 0) give("--scale", std::to_string(w.scale));
    if (w.help_shown) words.push_back("--keys");
    if (!w.directory.empty()) words.push_back("--"), words.push_back(w.directory);
    return words;
}

[[noreturn]] void become_viewer(const view::ProgramWords& w) {
    const std::filesystem::path& program = paths().viewer;
    if (access(program.c_str(), X_OK) != 0)
        throw Failure{"view", "the viewer's window is not here (" + program.string() + "): it is built only where SDL2 and SDL2_ttf are; install libsdl2-dev and "
                              "libsdl2-ttf-dev and run ./setup again, or use --text or --json"};
    std::vector<std::string> words = words_of(w);
    std::string name = program.string();
    std::vector<char*> arguments{name.data()};
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::cout.flush();
    execv(name.c_str(), arguments.data());
    throw Failure{name, std::string{"cannot be started: "} + std::strerror(errno)};
}

Status print(const Options& o, const view::ProgramOptions& options) {
    if (!options.live.empty()) throw InputError{"--live", "is for the window; give --text and --json the trace directory, which may still grow"};
    view::TraceSource source{options.directory, options.profile, options.cpu};
    if (options.at) source.seek(*options.at);
    const view::Snapshot& s = source.snapshot();
    std::optional<view::WalkInspection> walk;
    if (options.inspect) walk = source.inspect(mm::VirtAddr{*options.inspect});
    {
        const Pager pager;
        if (o.json) {
            // Names come from the guest: bytes that are no UTF-8 are replaced, not thrown at the user.
            std::cout << state_document(s, walk ? &*walk : nullptr).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
        } else {
            print_state(s, std::cout);
            if (walk) std::cout << '\n', print_walk(*walk, std::cout);
        }
    }
    source.refuse_damage();
    return Status::done;
}

Status run(const Options& o) {
    const view::ProgramOptions options = to_options(o.words);
    if (o.text || o.json) return print(o, options);
    become_viewer(o.words);
}

}  // namespace

void add_view(CLI::App& app, Verb& chosen) {
    CLI::App* verb = app.add_subcommand("view", "Show a recording, finished or running, in a window; or a moment of it as text");
    auto o = std::make_shared<Options>();
    view::add_options(*verb, o->words);
    CLI::Option* const text = verb->add_flag("--text", o->text, "Print the state at --at instead of opening a window");
    make_rare(*verb, {"--cpu", "--filter", "--keys", "--panel", "--scale", "--size"});
    verb->add_flag("--json", o->json, "Print it as JSON with stable keys (man zonescope-view)")->excludes(text);
    verb->callback([=, &chosen] { chosen = [=] { return run(*o); }; });
}

}  // namespace tools
