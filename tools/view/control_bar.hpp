// SPDX-License-Identifier: LGPL-2.1-or-later
// The lower edge of the window: the bar of time, and buttons for the mouse.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "canvas.hpp"
#include "commands.hpp"
#include "tools/view/source.hpp"

namespace tools::view {

struct ControlState {
    Extent extent;
    uint64_t tick = 0;
    bool playing = false, live = false, can_seek = true, has_cpus = false;
    double ticks_per_second = 0;
    std::string profile, filter;
    unsigned cpu = 0;
};

struct Button {
    Rect where;
    std::optional<Command> command;  // none: words between buttons
    std::string label;
    bool enabled = true, pressed = false;
};

[[nodiscard]] int control_bar_height(const Canvas& canvas);
// Those that fit, from the left.
[[nodiscard]] std::vector<Button> control_buttons(const Canvas& canvas, Rect bar, const ControlState& state);
// Where the time is dragged; the tick of a place in it, and the place of a tick.
[[nodiscard]] Rect time_track(const Canvas& canvas, Rect bar);
[[nodiscard]] uint64_t tick_at(Rect track, Extent extent, int x);
[[nodiscard]] int place_of(Rect track, Extent extent, uint64_t tick);

void draw_control_bar(Canvas& canvas, Rect bar, const ControlState& state, std::optional<Point> mouse);

}  // namespace tools::view
