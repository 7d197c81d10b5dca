// SPDX-License-Identifier: LGPL-2.1-or-later
// The options of zonescope-view, as words of the command line and as values.
#pragma once

#include <stdint.h>

#include <filesystem>
#include <optional>
#include <string>

#include "screen_layout.hpp"

namespace CLI {
class App;
}

namespace tools::view {

// What add_options fills in. The verb `view` of the command takes the same.
struct ProgramWords {
    std::string directory, live, profile, filter, size, inspect, panel, screenshot;
    unsigned cpu = 0;
    uint64_t at = UINT64_MAX;  // the end
    double scale = 0;
    bool help_shown = false;
};

struct ProgramOptions {
    std::filesystem::path directory, live, screenshot;
    std::string profile, filter;
    unsigned cpu = 0;
    std::optional<uint64_t> at;
    Size size{1280, 800};
    double scale = 0;  // 0: of the display
    std::optional<uint32_t> inspect;
    std::optional<PanelId> panel;
    bool help_shown = false;
};

void add_options(CLI::App& app, ProgramWords& words);
// Throws InputError for a value that cannot be.
[[nodiscard]] ProgramOptions to_options(const ProgramWords& words);

}  // namespace tools::view
