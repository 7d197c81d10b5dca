// SPDX-License-Identifier: LGPL-2.1-or-later
// Fitting by bisection over the characters' beginnings, since widths only grow.
#include "text_fit.hpp"

#include "utf8.hpp"

namespace tools::view {
namespace {

// Where the characters begin, and the end.
std::vector<size_t> character_starts(std::string_view text) {
    std::vector<size_t> starts{0};
    for (std::string_view rest = text; !rest.empty(); starts.push_back(text.size() - rest.size())) (void)take_character(rest);
    return starts;
}

// How many characters, at least `least`, fit beside `extra` pixels.
size_t fitting(const Canvas& canvas, std::string_view text, const std::vector<size_t>& starts, Font font, int width, size_t least) {
    size_t fits = least, too_many = starts.size();
    while (fits + 1 < too_many) {
        const size_t middle = (fits + too_many) / 2;
        (canvas.text_width(text.substr(0, starts[middle]), font) <= width ? fits : too_many) = middle;
    }
    return fits;
}

void wrap_line(const Canvas& canvas, std::string_view line, Font font, int width, std::vector<std::string>& lines) {
    while (canvas.text_width(line, font) > width) {
        const std::vector<size_t> starts = character_starts(line);
        if (starts.size() <= 2) break;
        size_t cut = starts[fitting(canvas, line, starts, font, width, 1)], next = cut;
        const size_t space = line.rfind(' ', cut);
        if (space != std::string_view::npos && space != 0) cut = space, next = space + 1;
        lines.emplace_back(line.substr(0, cut));
        line.remove_prefix(next);
    }
    lines.emplace_back(line);
}

}  // namespace

std::string fit(const Canvas& canvas, std::string_view text, Font font, int width) {
    if (canvas.text_width(text, font) <= width) return std::string{text};
    const int left = width - canvas.text_width(ellipsis, font);
    if (left < 0) return {};
    const std::vector<size_t> starts = character_starts(text);
    return std::string{text.substr(0, starts[fitting(canvas, text, starts, font, left, 0)])} += ellipsis;
}

std::vector<std::string> wrap(const Canvas& canvas, std::string_view text, Font font, int width) {
    std::vector<std::string> lines;
    for (;;) {
        const size_t end = text.find('\n');
        wrap_line(canvas, text.substr(0, end), font, width, lines);
        if (end == std::string_view::npos) return lines;
        text.remove_prefix(end + 1);
    }
}

void draw_text(Canvas& canvas, Rect where, std::string_view text, Font font, Color color, Align align) {
    const std::string fitted = fit(canvas, text, font, where.width);
    if (fitted.empty()) return;
    const int spare = where.width - canvas.text_width(fitted, font);
    const int x = where.x + (align == Align::left ? 0 : align == Align::center ? spare / 2 : spare);
    canvas.text({x, where.y + (where.height - canvas.line_height(font)) / 2}, fitted, font, color);
}

}  // namespace tools::view
