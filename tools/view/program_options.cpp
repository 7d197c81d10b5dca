// SPDX-License-Identifier: LGPL-2.1-or-later
// The options of zonescope-view.
#include "program_options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <CLI/CLI.hpp>

#include "parse_address.hpp"
#include "tools/error.hpp"

namespace tools::view {
namespace {

constexpr int largest_side = 16384;
constexpr std::array<std::string_view, panel_count> panel_words{"memory", "linear", "tlb", "charts", "walk"};

Size parse_size(const std::string& text) {
    Size size;
    const char* end = text.data() + text.size();
    const auto width = std::from_chars(text.data(), end, size.width);
    if (width.ec == std::errc{} && width.ptr != end && *width.ptr == 'x') {
        const auto height = std::from_chars(width.ptr + 1, end, size.height);
        if (height.ec == std::errc{} && height.ptr == end && std::min(size.width, size.height) > 0 && std::max(size.width, size.height) <= largest_side) return size;
    }
    throw InputError{"--size", "\"" + text + "\" is no size; give width x height up to " + std::to_string(largest_side) + ", as 1280x800"};
}

PanelId parse_panel(const std::string& text) {
    const auto found = std::find(panel_words.begin(), panel_words.end(), text);
    if (found == panel_words.end()) throw InputError{"--panel", "there is no panel \"" + text + "\"; one of memory, linear, tlb, charts, walk"};
    return static_cast<PanelId>(found - panel_words.begin());
}

uint32_t parse_inspected(const std::string& text) {
    if (const auto address = parse_address(text)) return *address;
    throw InputError{"--inspect", no_address(text)};
}

// None if the option was not given.
template <class Value> std::optional<Value> parsed(const std::string& text, Value (*parse)(const std::string&)) {
    return text.empty() ? std::nullopt : std::optional{parse(text)};
}

}  // namespace

void add_options(CLI::App& app, ProgramWords& words) {
    app.add_option("DIR", words.directory, "Trace directory, finished or still growing");
    app.add_option("--live", words.live, "Follow the recording behind this socket instead (record --live)");
    app.add_option("--profile", words.profile, "Processor whose TLBs are shown (default: the recording's first)");
    app.add_option("--cpu", words.cpu, "The guest's CPU that is shown (default 0)");
    app.add_option("--at", words.at, "Begin at this tick (default: the end)");
    app.add_option("--filter", words.filter, "Steps stop at these events: dump's options, \"event=flush zone=HIGHMEM\"");
    app.add_option("--inspect", words.inspect, "Show the walk of this linear address, hexadecimal");
    app.add_option("--panel", words.panel, "Show one panel alone: memory, linear, tlb, charts or walk");
    app.add_option("--size", words.size, "Size of the window (default 1280x800)");
    app.add_option("--scale", words.scale, "Size of text and everything in it (default: the display's)");
    app.add_option("--screenshot", words.screenshot, "Write this PNG file instead of opening a window");
    app.add_flag("--keys", words.help_shown, "Begin with the list of keys");
}

ProgramOptions to_options(const ProgramWords& words) {
    ProgramOptions o;
    if (words.directory.empty() == words.live.empty()) throw InputError{"view", "give a trace directory, or --live SOCKET"};
    o.directory = words.directory, o.live = words.live, o.screenshot = words.screenshot;
    o.profile = words.profile, o.filter = words.filter, o.cpu = words.cpu;
    if (words.at != UINT64_MAX && !words.live.empty())
        throw InputError{"--at", "a recording that goes on shows its latest moment only; leave out --at, or give the trace directory instead of --live"};
    if (words.at != UINT64_MAX) o.at = words.at;
    o.size = parsed(words.size, parse_size).value_or(o.size);
    if (words.scale != 0) {
        if (!std::isfinite(words.scale) || words.scale < 0.5 || words.scale > 8) throw InputError{"--scale", "give a number from 0.5 to 8"};
        o.scale = words.scale;
    }
    o.inspect = parsed(words.inspect, parse_inspected);
    o.panel = parsed(words.panel, parse_panel);
    o.help_shown = words.help_shown;
    return o;
}

}  // namespace tools::view
