// SPDX-License-Identifier: LGPL-2.1-or-later
// What a person can tell the viewer to do, each by a key and most by the mouse: the one table of keys, which the help shows.
#pragma once

#include <stdint.h>

#include <array>
#include <optional>
#include <string_view>

namespace tools::view {

enum class Command : uint8_t {
    play, step_forward, step_back, jump_forward, jump_back, leap_forward, leap_back, first, last, faster, slower,
    next_panel, previous_panel, maximise, zoom_in, zoom_out, scroll_up, scroll_down,
    address, inspect_event, profile, cpu, filter, heat, screenshot, help, leave, quit,
};

// Keys that are no characters; characters come as text, so that each keyboard's own layout decides.
enum class Key : uint8_t { left, right, up, down, home, end, page_up, page_down, tab, escape, enter, backspace, erase, f1 };

struct KeyHelp {
    std::string_view keys, what;
};
inline constexpr std::array key_help{
    KeyHelp{"Space", "play, pause; live: freeze, follow"},
    KeyHelp{". ,   Right Left", "one event on, back (of the filter)"},
    KeyHelp{"Shift+Right Left", "a hundredth of the recording on, back"},
    KeyHelp{"Page Down, Up", "a tenth of the recording on, back"},
    KeyHelp{"Home  End", "to the beginning, to the end"},
    KeyHelp{"+  -", "play faster, slower"},
    KeyHelp{"Tab  Shift+Tab", "next, previous panel"},
    KeyHelp{"Enter, m", "the panel alone, all panels"},
    KeyHelp{"z  x   wheel", "zoom in, out at the mouse"},
    KeyHelp{"Up  Down", "scroll the panel"},
    KeyHelp{"g  /", "inspect the walk of an address"},
    KeyHelp{"i", "inspect the page of the last event"},
    KeyHelp{"p  c", "choose the profile, the CPU"},
    KeyHelp{"f", "filter the events that steps stop at"},
    KeyHelp{"h", "heat of page walks, of Bochs' fills"},
    KeyHelp{"s", "save a picture of the window"},
    KeyHelp{"F1  ?", "this help"},
    KeyHelp{"Escape  q", "close what is open, quit"},
};

[[nodiscard]] std::optional<Command> command_of(Key key, bool shift);
[[nodiscard]] std::optional<Command> command_of(char character);

}  // namespace tools::view
