// SPDX-License-Identifier: LGPL-2.1-or-later
// The program zonescope-view, which `zonescope view` starts: a window on a recording, or one picture of it.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <new>

#include <CLI/CLI.hpp>

#include "tools/error.hpp"
#include "tools/paths.hpp"
#include "tools/view/live_source.hpp"
#include "tools/view/program_options.hpp"
#include "tools/view/sdl_window.hpp"
#include "tools/view/trace_source.hpp"

namespace {

using tools::view::ProgramOptions;

int complain(const std::string& what, tools::Status status) {
    std::cerr << "zonescope: " << what << '\n';
    return static_cast<int>(status);
}

struct Opened {
    std::unique_ptr<tools::view::Source> source;
    std::filesystem::path directory;  // of the trace
};

Opened open_source(const ProgramOptions& options) {
    const auto open_trace = [](const std::filesystem::path& directory, const std::string& profile, unsigned cpu) -> std::unique_ptr<tools::view::Source> {
        return std::make_unique<tools::view::TraceSource>(directory, profile, cpu);
    };
    if (options.live.empty()) return {open_trace(options.directory, options.profile, options.cpu), options.directory};
    auto live = std::make_unique<tools::view::LiveSource>(options.live, open_trace, options.profile, options.cpu);
    const std::filesystem::path directory = live->directory();
    return {std::move(live), directory.empty() ? options.live : directory};
}

int view(const ProgramOptions& options) {
    const auto [source, directory] = open_source(options);
    if (options.at) source->seek(*options.at);
    const std::filesystem::path whole = std::filesystem::absolute(directory).lexically_normal();
    tools::view::Viewer viewer{*source, (whole.has_filename() ? whole : whole.parent_path()).filename().string()};
    if (!options.filter.empty()) viewer.set_filter(options.filter);
    if (options.inspect) viewer.inspect(*options.inspect);
    if (options.panel) viewer.show_alone(*options.panel);
    if (options.help_shown) viewer.show_help();
    const std::filesystem::path& fonts = tools::paths().fonts;
    if (!options.screenshot.empty()) {
        tools::view::save_picture(viewer, options.size, options.scale > 0 ? options.scale : 1, fonts, options.screenshot);
        return 0;
    }
    return tools::view::run_window(viewer, {options.size, options.scale, fonts});
}

}  // namespace

int main(int argc, char** argv) try {
    CLI::App app{"A window on a recording: memory, linear addresses, TLBs, walks and flushes over time.", "zonescope-view"};
    app.set_version_flag("--version", std::string{"zonescope "} + tools::version());
    tools::view::ProgramWords words;
    tools::view::add_options(app, words);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        if (e.get_exit_code() == 0) return app.exit(e);
        return complain(std::string{"view: "} + e.what() + " (zonescope view --help)", tools::Status::wrong_input);
    }
    return view(tools::view::to_options(words));
} catch (const tools::Error& e) {
    return complain(e.what(), e.status());
} catch (const std::filesystem::filesystem_error& e) {
    return complain((e.path1().empty() ? "file system" : e.path1().string()) + ": " + e.code().message() + "; check its path and permissions", tools::Status::wrong_input);
} catch (const std::bad_alloc&) {
    return complain("out of memory; close other programs and try again", tools::Status::failed);
} catch (const std::exception& e) {
    return complain(e.what(), tools::Status::failed);
}
