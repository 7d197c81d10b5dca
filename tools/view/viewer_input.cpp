// SPDX-License-Identifier: LGPL-2.1-or-later
// What the viewer does when a key or the mouse is used.
#include <algorithm>

#include "parse_address.hpp"
#include "tools/error.hpp"
#include "viewer.hpp"

namespace tools::view {
void Viewer::move_focus(int by) {
    focus_ = static_cast<PanelId>((static_cast<int>(focus_) + by + static_cast<int>(panel_count)) % static_cast<int>(panel_count));
}

void Viewer::zoom(const Canvas& canvas, int steps, std::optional<Point> at) {
    const ScreenLayout where = layout(canvas);
    const PanelId id = at ? where.panel_at(*at).value_or(focus_) : focus_;
    const Rect body = body_of(canvas, where.panel(id));
    if (body.empty()) return;
    panel(id).zoom(canvas, body, now_, steps, at.value_or(Point{-1, -1}));
    changed_ = true;
}

void Viewer::open_chooser(Command purpose) {
    Chooser chooser{purpose, {}, 0};
    if (purpose == Command::profile) chooser.choices = source_.profiles();
    else for (const unsigned cpu : source_.cpus()) chooser.choices.push_back(std::to_string(cpu));
    const std::string current = purpose == Command::profile ? now_.profile : std::to_string(now_.cpu);
    const auto found = std::find(chooser.choices.begin(), chooser.choices.end(), current);
    if (found != chooser.choices.end()) chooser.chosen = static_cast<size_t>(found - chooser.choices.begin());
    if (chooser.choices.empty()) return say("There is nothing to choose from.");
    dialog_ = std::move(chooser);
}

void Viewer::choose() {
    const Chooser chooser = std::get<Chooser>(dialog_);
    dialog_ = std::monostate{};
    const std::string& choice = chooser.choices[chooser.chosen];
    if (source_.live() && !playing_) return say("What is frozen stays as it is: press Space first, then choose.");
    try {
        if (chooser.purpose == Command::profile) source_.set_profile(choice);
        else source_.set_cpu(static_cast<unsigned>(std::stoul(choice)));
    } catch (const Error& e) {
        say(e.what());
    }
    refresh(Change::jump);
}

void Viewer::answer(Prompt& prompt) {
    if (prompt.purpose == Command::address) {
        const std::optional<uint32_t> address = parse_address(prompt.line.text());
        if (!address) return void(prompt.message = no_address(prompt.line.text()) + ".");
        dialog_ = std::monostate{};
        return inspect(*address);
    }
    try {
        set_filter(prompt.line.text());
        say(filter_.empty() ? "Steps stop at every event." : "Steps stop at: " + filter_);
        dialog_ = std::monostate{};
    } catch (const Error& e) {
        prompt.message = e.what();
    }
}

void Viewer::run_dialog_key(const Canvas&, Key key, bool) {
    if (key == Key::escape) return void(dialog_ = std::monostate{});
    if (auto* prompt = std::get_if<Prompt>(&dialog_)) {
        if (key == Key::enter) answer(*prompt);
        else (void)prompt->line.press(key);
    } else if (auto* chooser = std::get_if<Chooser>(&dialog_)) {
        if (key == Key::enter) return choose();
        if (key == Key::up && chooser->chosen > 0) --chooser->chosen;
        if (key == Key::down && chooser->chosen + 1 < chooser->choices.size()) ++chooser->chosen;
        if (key == Key::home) chooser->chosen = 0;
        if (key == Key::end) chooser->chosen = chooser->choices.size() - 1;
    } else {
        dialog_ = std::monostate{};  // any key closes the help
    }
}

void Viewer::press(const Canvas& canvas, Key key, bool shift) {
    changed_ = true;
    if (dialog_.index() != 0) return run_dialog_key(canvas, key, shift);
    if (const auto command = command_of(key, shift)) run(canvas, *command);
}

void Viewer::type(const Canvas& canvas, std::string_view characters) {
    if (characters.empty()) return;
    changed_ = true;
    if (auto* prompt = std::get_if<Prompt>(&dialog_)) {
        prompt->message.clear();
        return prompt->line.insert(characters);
    }
    if (dialog_.index() != 0) {
        const bool closes = std::holds_alternative<Help>(dialog_) || characters == "q";
        if (closes) dialog_ = std::monostate{};
        return;
    }
    for (size_t i = 0; i < characters.size(); ++i) {
        if (const auto command = command_of(characters[i])) run(canvas, *command);
        if (dialog_.index() != 0) return type(canvas, characters.substr(i + 1));
    }
}

void Viewer::run(const Canvas& canvas, Command command) {
    changed_ = true;
    switch (command) {
        case Command::play: return set_playing(!playing_);
        case Command::step_forward: return step(1);
        case Command::step_back: return step(-1);
        case Command::jump_forward: return seek_by(0.01);
        case Command::jump_back: return seek_by(-0.01);
        case Command::leap_forward: return seek_by(0.1);
        case Command::leap_back: return seek_by(-0.1);
        case Command::first: return set_playing(false), seek(source_.extent().first);
        case Command::last: return set_playing(source_.live()), seek(source_.extent().last);
        case Command::faster: ticks_per_second_ = std::min(1e15, ticks_per_second_ * 2); return;
        case Command::slower: ticks_per_second_ = std::max(1.0, ticks_per_second_ / 2); return;
        case Command::next_panel: return move_focus(1);
        case Command::previous_panel: return move_focus(-1);
        case Command::maximise: alone_ = !alone_; return;
        case Command::zoom_in: return zoom(canvas, 1, mouse_);
        case Command::zoom_out: return zoom(canvas, -1, mouse_);
        case Command::scroll_up: return panel(focus_).scroll(now_, -1);
        case Command::scroll_down: return panel(focus_).scroll(now_, 1);
        case Command::address: dialog_ = Prompt{command, LineEditor{}, {}}; return;
        case Command::inspect_event:
            if (now_.last.has_page) return inspect(now_.last.page << 12);
            return say("The last event is about no page.");
        case Command::profile: case Command::cpu: return open_chooser(command);
        case Command::filter: dialog_ = Prompt{command, LineEditor{filter_}, {}}; return;
        case Command::heat: heat_ = heat_ == Heat::walks ? Heat::fills : Heat::walks; return say(heat_ == Heat::walks ? "Heat: page walks of the profile's TLBs" : "Heat: fills of Bochs' own TLB");
        case Command::screenshot: picture_ = true; return;
        case Command::help: dialog_ = Help{}; return;
        case Command::leave:
            if (alone_) return void(alone_ = false);
            [[fallthrough]];
        case Command::quit: quit_ = true; return;
    }
}

void Viewer::click_panel(const Canvas& canvas, Point p, unsigned clicks) {
    const ScreenLayout where = layout(canvas);
    for (size_t n = 0; n < panel_count; ++n)
        if (where.tab(n).contains(p)) return void(focus_ = static_cast<PanelId>(n));
    const std::optional<PanelId> id = where.panel_at(p);
    if (!id) return;
    focus_ = *id;
    const Rect box = where.panel(*id), body = body_of(canvas, box);
    if (!body.contains(p) && clicks == 2) return void(alone_ = !alone_);
    if (const auto hit = panel(*id).hit(canvas, body, now_, look(), p); hit && hit->linear) inspect(*hit->linear);
}

void Viewer::mouse_down(const Canvas& canvas, Point p, unsigned clicks) {
    changed_ = true;
    mouse_ = p;
    if (auto* chooser = std::get_if<Chooser>(&dialog_)) {
        const auto choice = choice_at(canvas, *chooser, p);
        if (!choice) return void(dialog_ = std::monostate{});
        chooser->chosen = *choice;
        return choose();
    }
    if (dialog_.index() != 0) return void(dialog_ = std::monostate{});
    const ScreenLayout where = layout(canvas);
    if (!where.controls.contains(p)) return click_panel(canvas, p, clicks);
    const Rect track = time_track(canvas, where.controls);
    if (track.contains(p)) {
        set_playing(false);
        dragging_ = true;
        wanted_tick_ = tick_at(track, source_.extent(), p.x);
        return;
    }
    for (const Button& b : control_buttons(canvas, where.controls, controls()))
        if (b.where.contains(p) && b.command && b.enabled) return run(canvas, *b.command);
}

void Viewer::mouse_move(const Canvas& canvas, Point p) {
    const ScreenLayout where = layout(canvas);
    const bool over_controls = where.controls.contains(p) || (mouse_ && where.controls.contains(*mouse_));
    mouse_ = p;
    if (dragging_) wanted_tick_ = tick_at(time_track(canvas, where.controls), source_.extent(), p.x);
    if (over_controls || dragging_) changed_ = true;
    update_hover(canvas);
}

void Viewer::mouse_leave() {
    mouse_.reset();
    if (hover_) hover_.reset();
    changed_ = true;
}

void Viewer::update_hover(const Canvas& canvas) {
    std::optional<Hit> hit;
    if (mouse_ && dialog_.index() == 0) {
        const ScreenLayout where = layout(canvas);
        if (const auto id = where.panel_at(*mouse_)) hit = panel(*id).hit(canvas, body_of(canvas, where.panel(*id)), now_, look(), *mouse_);
    }
    // A tooltip follows the mouse, so its every move is seen.
    if (hit || hover_) changed_ = true;
    hover_ = std::move(hit);
}

void Viewer::wheel(const Canvas& canvas, Point p, int steps) {
    mouse_ = p;
    if (dialog_.index() == 0) zoom(canvas, steps, p);
    update_hover(canvas);
}

}  // namespace tools::view
