// SPDX-License-Identifier: LGPL-2.1-or-later
// What lies over the panels while it is open: the help, a line to type, a list to choose from; and words under the mouse.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "canvas.hpp"
#include "commands.hpp"
#include "line_editor.hpp"

namespace tools::view {

struct Prompt {
    Command purpose;            // address or filter
    LineEditor line;
    std::string message;        // why the last answer was not taken
};

struct Chooser {
    Command purpose;            // profile or cpu
    std::vector<std::string> choices;
    size_t chosen = 0;
};

[[nodiscard]] std::string_view question_of(const Prompt& prompt);

void draw_help(Canvas& canvas);
void draw_prompt(Canvas& canvas, const Prompt& prompt);
void draw_chooser(Canvas& canvas, const Chooser& chooser);
// The choice at a place; none: beside the list.
[[nodiscard]] std::optional<size_t> choice_at(const Canvas& canvas, const Chooser& chooser, Point p);

// Lines of text beside the mouse, always inside the window.
void draw_tooltip(Canvas& canvas, Point mouse, const std::string& text);
// In the middle: what goes on, and how much of it is done, 0 to 1.
void draw_progress(Canvas& canvas, const std::string& text, double share);
// A line over the lower edge, for a moment.
void draw_message(Canvas& canvas, const std::string& text, int bottom);

}  // namespace tools::view
