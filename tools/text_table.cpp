// SPDX-License-Identifier: LGPL-2.1-or-later
// Lays out plain-text tables.
#include "text_table.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>
#include <sstream>

namespace tools {
namespace {

constexpr size_t gap = 2;  // between columns

// Code points: UTF-8 continuation bytes are 10xxxxxx.
size_t width_of(const std::string& s) {
    return static_cast<size_t>(std::count_if(s.begin(), s.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string padded(const std::string& s, size_t width, Align align) {
    const std::string blanks(width > width_of(s) ? width - width_of(s) : 0, ' ');
    return align == Align::left ? s + blanks : blanks + s;
}

}  // namespace

std::vector<size_t> TextTable::widths() const {
    std::vector<size_t> widths;
    for (const Column& c : columns_) widths.push_back(width_of(c.title));
    for (const auto& cells : rows_)
        for (size_t i = 0; i < cells.size() && i < widths.size(); ++i) widths[i] = std::max(widths[i], width_of(cells[i]));
    return widths;
}

// Cuts the columns into ranges that fit into lines of `limit`, each with one column at least beside the first.
std::vector<TextTable::Range> TextTable::parts(const std::vector<size_t>& widths, size_t limit) {
    std::vector<Range> parts;
    for (size_t from = 0; from < widths.size(); from = parts.back().second) {
        size_t end = std::min(std::max<size_t>(from + 1, 2), widths.size()), width = widths[0] + (end > 1 ? gap + widths[end - 1] : 0);
        while (end < widths.size() && width + gap + widths[end] <= limit) width += gap + widths[end++];
        parts.emplace_back(from, end);
    }
    return parts;
}

void TextTable::print(std::ostream& out, unsigned indent) const {
    const std::vector<size_t> all = widths();
    size_t limit = widest_line - indent;
    const size_t fewest = parts(all, limit).size();
    while (fewest > 1 && parts(all, limit - 1).size() == fewest) --limit;  // parts of about the same width
    for (const Range& columns : parts(all, limit)) print(out, indent, all, columns);
}

void TextTable::print(std::ostream& out, unsigned indent, const std::vector<size_t>& widths, Range columns) const {
    const auto line = [&](const auto& cell_of) {
        std::string text(indent, ' ');
        const auto add = [&](size_t column) { text += padded(cell_of(column), widths[column], columns_[column].align) + std::string(gap, ' '); };
        if (columns.first) add(0);
        for (size_t column = columns.first; column < columns.second; ++column) add(column);
        text.erase(text.find_last_not_of(' ') + 1);
        out << text << '\n';
    };
    if (titles_ == Titles::shown) line([&](size_t column) { return columns_[column].title; });
    for (const auto& cells : rows_) line([&](size_t column) { return column < cells.size() ? cells[column] : std::string{}; });
}

std::string grouped(uint64_t value) {
    std::string digits = std::to_string(value);
    for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
    return digits;
}

std::string rounded(double value) {
    if (value < 0) return "-" + rounded(-value);
    if (value >= 99.95 || value == std::floor(value)) return grouped(static_cast<uint64_t>(std::llround(value)));
    if (value < 0.005) return "<0.01";
    char text[32];
    std::snprintf(text, sizeof text, value >= 9.995 ? "%.1f" : "%.2f", value);
    return text;
}

std::string wrapped(const std::string& text, unsigned width, unsigned indent) {
    std::istringstream words{text};
    std::string all, line, word;
    while (words >> word) {
        if (!line.empty() && width_of(line) + 1 + width_of(word) > width) {
            all += line + '\n';
            line = std::string(indent, ' ') + word;
        } else {
            line += (line.empty() || line.find_first_not_of(' ') == std::string::npos ? "" : " ") + word;
        }
    }
    return all + line;
}

}  // namespace tools
