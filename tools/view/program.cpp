// SPDX-License-Identifier: LGPL-2.1-or-later
// The program zonescope-view, which `zonescope view` starts: a window on a recording, or one picture of it.
#include <chrono>
#include <filesystem>
#include <memory>
#include <thread>

#include <CLI/CLI.hpp>

#include "tools/paths.hpp"
#include "tools/program_end.hpp"
#include "tools/view/live_source.hpp"
#include "tools/view/program_options.hpp"
#include "tools/view/sdl_window.hpp"
#include "tools/view/trace_source.hpp"

namespace {

using tools::view::ProgramOptions;

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

// A picture shows what was asked for: however much is to be read; but a recording in which nothing happens says nothing.
void wait_for_moment(tools::view::Viewer& viewer) {
    using namespace std::chrono;
    constexpr seconds patience{5};
    constexpr milliseconds pause{10};
    while (viewer.reading()) viewer.pass_time(0);
    const auto begin = steady_clock::now();
    for (auto now = begin; viewer.waits_for_answer() && now - begin < patience; now = steady_clock::now()) {
        std::this_thread::sleep_for(pause);
        viewer.pass_time(static_cast<uint64_t>(duration_cast<milliseconds>(now - begin).count()));
    }
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
        wait_for_moment(viewer);
        tools::view::save_picture(viewer, options.size, options.scale > 0 ? options.scale : 1, fonts, options.screenshot);
        source->refuse_damage();
        return 0;
    }
    return tools::view::run_window(viewer, {options.size, options.scale, fonts});
}

int run(int argc, char** argv) {
    CLI::App app{"A window on a recording: memory, linear addresses, TLBs, walks and flushes over time.", "zonescope-view"};
    app.set_version_flag("--version", std::string{"zonescope "} + tools::version());
    tools::view::ProgramWords words;
    tools::view::add_options(app, words);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        if (e.get_exit_code() == 0) return app.exit(e);
        return tools::complain(std::string{"view: "} + e.what() + " (zonescope view --help)", tools::Status::wrong_input);
    }
    return view(tools::view::to_options(words));
}

}  // namespace

int main(int argc, char** argv) {
    return tools::run_program([&] { return run(argc, argv); });
}
