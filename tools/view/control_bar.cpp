// SPDX-License-Identifier: LGPL-2.1-or-later
// The bar of time and the buttons.
#include "control_bar.hpp"

#include <algorithm>

#include "number_text.hpp"
#include "text_fit.hpp"

namespace tools::view {
namespace {

int track_height(const Canvas& canvas) { return canvas.px(18); }
int button_height(const Canvas& canvas) { return canvas.line_height(Font::text) + canvas.px(8); }

struct Choice {
    std::optional<Command> command;
    std::string label;
    bool enabled = true, pressed = false;
    int least = 0;  // of its width, so that a changing label moves nothing
};

std::vector<Choice> choices_of(const Canvas& canvas, const ControlState& s) {
    const std::string speed = s.can_seek ? shortened(s.ticks_per_second) + " ticks/s" : "";  // else it is the guest's
    std::vector<Choice> all{
        {Command::first, "|\u25C0", s.can_seek},
        {Command::step_back, "\u25C0", s.can_seek},
        {Command::play, s.playing ? "Pause" : s.live ? "Follow" : "Play", true, s.playing, canvas.text_width("Follow", Font::text)},
        {Command::step_forward, "\u25B6", s.can_seek},
        {Command::last, "\u25B6|", s.can_seek},
        {Command::slower, "\u2212", s.can_seek},
        {{}, speed, s.can_seek, false, canvas.text_width("888.8 M ticks/s", Font::small)},
        {Command::faster, "+", s.can_seek},
        {Command::profile, "Profile " + s.profile},
        {Command::filter, s.filter.empty() ? "Filter" : "Filter: " + (s.filter.size() > 24 ? s.filter.substr(0, 24) + std::string{ellipsis} : s.filter), s.can_seek, !s.filter.empty()},
        {Command::help, "Help"},
        {Command::address, "Inspect"},
        {Command::screenshot, "Picture"},
        {Command::heat, "Heat"},
    };
    if (s.has_cpus) all.insert(all.begin() + 9, {Command::cpu, "CPU " + std::to_string(s.cpu)});
    return all;
}

}  // namespace

int control_bar_height(const Canvas& canvas) { return track_height(canvas) + button_height(canvas) + canvas.px(12); }

Rect time_track(const Canvas& canvas, Rect bar) {
    bar = bar.inset(canvas.px(6), canvas.px(4));
    return bar.cut_top(track_height(canvas));
}

uint64_t tick_at(Rect track, Extent extent, int x) {
    if (track.width < 2 || extent.last <= extent.first) return extent.first;
    const double share = std::clamp((x - track.x) / static_cast<double>(track.width - 1), 0.0, 1.0);
    return extent.first + static_cast<uint64_t>(share * static_cast<double>(extent.last - extent.first));
}

int place_of(Rect track, Extent extent, uint64_t tick) {
    if (extent.last <= extent.first) return track.x;
    const double share = (static_cast<double>(tick) - static_cast<double>(extent.first)) / static_cast<double>(extent.last - extent.first);
    return track.x + static_cast<int>(std::clamp(share, 0.0, 1.0) * (track.width - 1));
}

std::vector<Button> control_buttons(const Canvas& canvas, Rect bar, const ControlState& state) {
    bar = bar.inset(canvas.px(6), canvas.px(4));
    bar.cut_top(track_height(canvas) + canvas.px(4));
    Rect rest = bar.cut_top(button_height(canvas));
    std::vector<Button> buttons;
    for (const Choice& c : choices_of(canvas, state)) {
        const int width = std::max(c.least, canvas.text_width(c.label, c.command ? Font::text : Font::small)) + canvas.px(14);
        if (width > rest.width) continue;
        buttons.push_back({rest.cut_left(width), c.command, c.label, c.enabled, c.pressed});
        rest.cut_left(canvas.px(4));
    }
    return buttons;
}

void draw_control_bar(Canvas& canvas, Rect bar, const ControlState& state, std::optional<Point> mouse) {
    const Rect track = time_track(canvas, bar);
    const int groove = canvas.px(6);
    const Rect line{track.x, track.y + (track.height - groove) / 2, track.width, groove};
    canvas.fill(line, raised);
    const int at = place_of(track, state.extent, state.tick);
    canvas.fill({line.x, line.y, at - line.x, groove}, mix(raised, sky_blue, 0.7));
    canvas.fill({at - canvas.px(2), track.y + canvas.px(1), canvas.px(5), track.height - canvas.px(2)}, state.can_seek ? plain_text : dim_text);
    for (const Button& b : control_buttons(canvas, bar, state)) {
        const bool under = mouse && b.where.contains(*mouse);
        if (b.command) canvas.fill(b.where, b.pressed ? mix(raised, blue, 0.6) : under && b.enabled ? mix(raised, plain_text, 0.15) : raised);
        draw_text(canvas, b.where, b.label, b.command ? Font::text : Font::small, b.enabled ? plain_text : mix(raised, dim_text, 0.6), Align::center);
    }
    if (mouse && track.contains(*mouse) && state.can_seek) {
        const std::string text = "tick " + grouped(tick_at(track, state.extent, mouse->x));
        const int width = canvas.text_width(text, Font::small) + canvas.px(8);
        const Rect box{std::clamp(mouse->x - width / 2, track.x, std::max(track.x, track.right() - width)), track.y - track.height, width, track.height};
        canvas.fill(box, raised);
        draw_text(canvas, box, text, Font::small, plain_text, Align::center);
    }
}

}  // namespace tools::view
