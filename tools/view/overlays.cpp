// SPDX-License-Identifier: LGPL-2.1-or-later
// Boxes over the panels.
#include "overlays.hpp"

#include <algorithm>

#include "number_text.hpp"
#include "text_fit.hpp"

namespace tools::view {
namespace {

Rect window_of(const Canvas& canvas) { return {0, 0, canvas.size().width, canvas.size().height}; }

Rect centered(Rect in, Size size) {
    size = {std::min(size.width, in.width), std::min(size.height, in.height)};
    return {in.x + (in.width - size.width) / 2, in.y + (in.height - size.height) / 2, size.width, size.height};
}

// A raised box; returns its inside.
Rect draw_box(Canvas& canvas, Rect box) {
    canvas.fill(box, rgb(0x1D2430));
    canvas.outline(box, focus_border, canvas.px(1));
    return box.inset(canvas.px(12), canvas.px(10));
}

Rect chooser_box(const Canvas& canvas, const Chooser& chooser) {
    const int line = canvas.line_height(Font::text) + canvas.px(4);
    return centered(window_of(canvas), {canvas.px(240), line * static_cast<int>(chooser.choices.size() + 1) + canvas.px(24)});
}

// The choices that are shown: as many as there are lines, the chosen one among them.
size_t first_choice(const Canvas& canvas, const Chooser& chooser, Rect list) {
    const auto lines = static_cast<size_t>(std::max(1, list.height / (canvas.line_height(Font::text) + canvas.px(4))));
    return chooser.chosen >= lines ? chooser.chosen - lines + 1 : 0;
}

Rect chooser_list(const Canvas& canvas, const Chooser& chooser) {
    Rect inside = chooser_box(canvas, chooser).inset(canvas.px(12), canvas.px(10));
    inside.cut_top(canvas.line_height(Font::text) + canvas.px(4));
    return inside;
}

}  // namespace

std::string_view question_of(const Prompt& prompt) {
    return prompt.purpose == Command::address ? "Inspect the walk of which linear address? (hexadecimal)"
                                              : "Stop at which events? As dump's options: event=model_walk,flush zone=HIGHMEM region=vmalloc task=sh";
}

void draw_help(Canvas& canvas) {
    const int line = canvas.line_height(Font::text) + canvas.px(3);
    canvas.fill(window_of(canvas), with_alpha(background, 0.6));
    int keys = 0, words = 0;
    for (const KeyHelp& k : key_help) keys = std::max(keys, canvas.text_width(k.keys, Font::text)), words = std::max(words, canvas.text_width(k.what, Font::text));
    const int lines = static_cast<int>(key_help.size());
    const std::string_view mouse = "Drag the bar of time to seek. Click a cell to inspect its page.";
    const int width = std::max(keys + words + canvas.px(20), canvas.text_width(mouse, Font::text));
    const Rect box = centered(window_of(canvas).inset(canvas.px(4)), {width + canvas.px(28), lines * line + canvas.px(70)});
    Rect inside = draw_box(canvas, box);
    draw_text(canvas, inside.cut_top(line + canvas.px(6)), "Keys", Font::title, plain_text);
    // In a window too low for all lines they are set in smaller type.
    const bool low = inside.height < (lines + 1) * line;
    const Font font = low ? Font::small : Font::text;
    const int step = low ? std::min(line, std::max(canvas.line_height(Font::small), inside.height / (lines + 1))) : line;
    for (const KeyHelp& k : key_help) {
        Rect part = inside.cut_top(step);
        if (part.height < step) return;
        draw_text(canvas, part.cut_left(std::min(keys + canvas.px(20), part.width / 2)), k.keys, font, sky_blue);
        draw_text(canvas, part, k.what, font, plain_text);
    }
    draw_text(canvas, inside, mouse, font, dim_text);
}

void draw_prompt(Canvas& canvas, const Prompt& prompt) {
    const Rect window = window_of(canvas);
    const int line = canvas.line_height(Font::text) + canvas.px(4);
    Rect box = centered(window.inset(canvas.px(4)), {canvas.px(640), line * 4 + canvas.px(28)});
    Rect inside = draw_box(canvas, box);
    draw_text(canvas, inside.cut_top(line), question_of(prompt), Font::small, dim_text);
    Rect field = inside.cut_top(canvas.line_height(Font::mono) + canvas.px(8));
    canvas.fill(field, background);
    field = field.inset(canvas.px(6), 0);
    const std::string& text = prompt.line.text();
    const int cursor = canvas.text_width(std::string_view{text}.substr(0, prompt.line.cursor()), Font::mono);
    const int shift = std::max(0, cursor + canvas.px(2) - field.width);
    {
        Clip clip{canvas, field};
        canvas.text({field.x - shift, field.y + canvas.px(4)}, text, Font::mono, plain_text);
        canvas.fill({field.x - shift + cursor, field.y + canvas.px(3), canvas.px(2), field.height - canvas.px(6)}, focus_border);
    }
    inside.cut_top(canvas.px(4));
    if (prompt.message.empty()) return draw_text(canvas, inside.cut_top(line), "Enter: take it   Escape: leave it", Font::small, dim_text);
    for (const std::string& l : wrap(canvas, prompt.message, Font::small, inside.width))
        draw_text(canvas, inside.cut_top(canvas.line_height(Font::small)), l, Font::small, alert_text);
}

void draw_chooser(Canvas& canvas, const Chooser& chooser) {
    const int line = canvas.line_height(Font::text) + canvas.px(4);
    Rect inside = draw_box(canvas, chooser_box(canvas, chooser));
    draw_text(canvas, inside.cut_top(line), chooser.purpose == Command::profile ? "Processor profile" : "CPU", Font::title, plain_text);
    Rect list = chooser_list(canvas, chooser);
    for (size_t i = first_choice(canvas, chooser, list); i < chooser.choices.size(); ++i) {
        Rect part = list.cut_top(line);
        if (part.height < line) return;
        if (i == chooser.chosen) canvas.fill(part, mix(raised, blue, 0.6));
        draw_text(canvas, part.inset(canvas.px(8), 0), chooser.choices[i], Font::text, plain_text);
    }
}

std::optional<size_t> choice_at(const Canvas& canvas, const Chooser& chooser, Point p) {
    const Rect list = chooser_list(canvas, chooser);
    if (!list.contains(p)) return {};
    const size_t n = first_choice(canvas, chooser, list) + static_cast<size_t>((p.y - list.y) / (canvas.line_height(Font::text) + canvas.px(4)));
    return n < chooser.choices.size() ? std::optional{n} : std::nullopt;
}

void draw_tooltip(Canvas& canvas, Point mouse, const std::string& text) {
    const Rect window = window_of(canvas);
    const std::vector<std::string> lines = wrap(canvas, text, Font::small, std::min(canvas.px(420), window.width - canvas.px(20)));
    const int height = canvas.line_height(Font::small);
    int width = 0;
    for (const std::string& l : lines) width = std::max(width, canvas.text_width(l, Font::small));
    Rect box{mouse.x + canvas.px(14), mouse.y + canvas.px(16), width + canvas.px(14), height * static_cast<int>(lines.size()) + canvas.px(10)};
    if (box.right() > window.right()) box.x = std::max(0, mouse.x - canvas.px(8) - box.width);
    if (box.bottom() > window.bottom()) box.y = std::max(0, mouse.y - canvas.px(8) - box.height);
    canvas.fill(box, rgb(0x050709));
    canvas.outline(box, dim_text, canvas.px(1));
    Rect inside = box.inset(canvas.px(7), canvas.px(5));
    for (const std::string& l : lines) draw_text(canvas, inside.cut_top(height), l, Font::small, plain_text);
}

void draw_progress(Canvas& canvas, const std::string& text, double share) {
    share = std::clamp(share, 0.0, 1.0);
    const int line = canvas.line_height(Font::text);
    Rect inside = draw_box(canvas, centered(window_of(canvas).inset(canvas.px(4)), {canvas.px(360), line + canvas.px(56)}));
    draw_text(canvas, inside.cut_top(line), text + ", " + percent_text(share), Font::text, plain_text);
    inside.cut_top(canvas.px(8));
    Rect bar = inside.cut_top(canvas.px(8));
    canvas.fill(bar, background);
    canvas.fill(bar.cut_left(static_cast<int>(bar.width * share)), sky_blue);
}

void draw_message(Canvas& canvas, const std::string& text, int bottom) {
    const int width = std::min(canvas.size().width, canvas.text_width(text, Font::text) + canvas.px(28)), height = canvas.line_height(Font::text) + canvas.px(12);
    const Rect box{(canvas.size().width - width) / 2, bottom - height - canvas.px(8), width, height};
    canvas.fill(box, mix(background, blue, 0.55));
    canvas.outline(box, focus_border, canvas.px(1));
    draw_text(canvas, box.inset(canvas.px(12), 0), text, Font::text, plain_text, Align::center);
}

}  // namespace tools::view
