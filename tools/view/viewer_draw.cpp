// SPDX-License-Identifier: LGPL-2.1-or-later
// Drawing the whole window.
#include <algorithm>

#include "text_fit.hpp"
#include "viewer.hpp"

namespace tools::view {
namespace {

void draw_frame(Canvas& canvas, Rect where, bool focused) {
    canvas.fill(where, panel_ground);
    canvas.outline(where, focused ? focus_border : panel_border, canvas.px(focused ? 2 : 1));
}

void draw_title(Canvas& canvas, Rect where, const Panel& panel, const std::string& subtitle) {
    Rect title{where.x + canvas.px(8), where.y + canvas.px(3), where.width - canvas.px(16), title_height(canvas) - canvas.px(3)};
    const std::string name = fit(canvas, panel.title(), Font::title, title.width);
    draw_text(canvas, title, name, Font::title, plain_text);
    title.cut_left(canvas.text_width(name, Font::title) + canvas.px(12));
    draw_text(canvas, title, subtitle, Font::small, dim_text, Align::right);
}

void draw_too_small(Canvas& canvas) {
    Rect rest = Rect{0, 0, canvas.size().width, canvas.size().height}.inset(canvas.px(3));
    const int line = canvas.line_height(Font::small);
    const auto words = [&](const char* text) { return wrap(canvas, text, Font::small, rest.width); };
    std::vector<std::string> lines = words("Too small: make this window larger.");
    if (static_cast<int>(lines.size()) * line > rest.height) lines = words("Too small");
    for (size_t n = 0; n < lines.size() && rest.height >= line; ++n) draw_text(canvas, rest.cut_top(line), lines[n], Font::small, plain_text);
}

}  // namespace

void Viewer::draw_panels(Canvas& canvas, const ScreenLayout& where) {
    for (size_t n = 0; n < panel_count && !where.tabs.empty(); ++n) {
        const Rect tab = where.tab(n).inset(canvas.px(1), 0);
        const bool shown = focus_ == static_cast<PanelId>(n);
        canvas.fill(tab, shown ? mix(raised, blue, 0.6) : raised);
        draw_text(canvas, tab.inset(canvas.px(4), 0), tab_names[n], Font::text, shown ? plain_text : dim_text, Align::center);
    }
    for (size_t n = 0; n < panel_count; ++n) {
        const Rect box = where.panels[n];
        if (box.empty()) continue;
        const auto id = static_cast<PanelId>(n);
        const Rect body = body_of(canvas, box);
        draw_frame(canvas, box, id == focus_);
        if (!body.empty() && shows_moment_) {
            Clip clip{canvas, body};
            panel(id).draw(canvas, body, now_, look());
        }
        draw_title(canvas, box, panel(id), panel(id).subtitle(now_, look()));  // behind the drawing, which tells how much of it is out of sight
    }
}

void Viewer::draw_event_line(Canvas& canvas, Rect where) const {
    where = where.inset(canvas.px(8), 0);
    if (now_.live && now_.last.kind.empty()) return draw_text(canvas, where, now_.note, Font::small, dim_text);  // no single events are told
    const std::string_view label = "last event";
    draw_text(canvas, where.cut_left(std::min(where.width / 2, canvas.text_width(label, Font::small) + canvas.px(8))), label, Font::small, dim_text);
    std::string_view event = now_.last.kind.empty() ? std::string_view{"none yet"} : std::string_view{now_.last.text};
    event.remove_prefix(std::min(event.find_first_not_of(' '), event.size()));
    // What a note says of everything that is shown is not pushed out by one event.
    if (!now_.note.empty()) {
        const int wanted = canvas.text_width(now_.note, Font::small), spare = where.width - canvas.text_width(event, Font::mono_small) - canvas.px(24);
        draw_text(canvas, where.cut_right(std::min(wanted, std::max(spare, where.width * 2 / 5))), now_.note, Font::small, dim_text, Align::right);
        where.cut_right(canvas.px(24));
    }
    draw_text(canvas, where, event, Font::mono_small, plain_text);
}

void Viewer::draw(Canvas& canvas) {
    update_hover(canvas);
    changed_ = false;
    const ScreenLayout where = layout(canvas);
    canvas.fill({0, 0, canvas.size().width, canvas.size().height}, background);
    if (where.kind == ScreenLayout::Kind::message) return draw_too_small(canvas);
    draw_status(canvas, where.status, status_fields(canvas, canvas.size().width, now_, status()), status());
    draw_panels(canvas, where);
    draw_event_line(canvas, where.event_line);
    draw_control_bar(canvas, where.controls, controls(), dialog_.index() == 0 ? mouse_ : std::nullopt);
    if (hover_ && dialog_.index() == 0) {
        canvas.outline(hover_->mark, plain_text, canvas.px(1));
        if (mouse_) draw_tooltip(canvas, *mouse_, hover_->text);
    }
    if (reading()) draw_progress(canvas, "Reading the recording", reading_);
    if (std::holds_alternative<Help>(dialog_)) draw_help(canvas);
    if (const auto* prompt = std::get_if<Prompt>(&dialog_)) draw_prompt(canvas, *prompt);
    if (const auto* chooser = std::get_if<Chooser>(&dialog_)) draw_chooser(canvas, *chooser);
    if (!message_.empty()) draw_message(canvas, message_, where.event_line.y);
}

}  // namespace tools::view
