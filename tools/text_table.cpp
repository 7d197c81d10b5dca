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

// Code points: UTF-8 continuation bytes are 10xxxxxx.
size_t width_of(const std::string& s) {
    return static_cast<size_t>(std::count_if(s.begin(), s.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string padded(const std::string& s, size_t width, Align align) {
    const std::string blanks(width > width_of(s) ? width - width_of(s) : 0, ' ');
    return align == Align::left ? s + blanks : blanks + s;
}

}  // namespace

void TextTable::print(std::ostream& out, unsigned indent) const {
    std::vector<size_t> widths;
    for (const Column& c : columns_) widths.push_back(width_of(c.title));
    for (const auto& cells : rows_)
        for (size_t i = 0; i < cells.size() && i < widths.size(); ++i) widths[i] = std::max(widths[i], width_of(cells[i]));

    const auto line = [&](const std::vector<std::string>& cells) {
        std::string text(indent, ' ');
        for (size_t i = 0; i < columns_.size(); ++i)
            text += (i ? "  " : "") + padded(i < cells.size() ? cells[i] : "", widths[i], columns_[i].align);
        text.erase(text.find_last_not_of(' ') + 1);
        out << text << '\n';
    };
    std::vector<std::string> titles;
    for (const Column& c : columns_) titles.push_back(c.title);
    if (titles_ == Titles::shown) line(titles);
    for (const auto& cells : rows_) line(cells);
}

std::string grouped(uint64_t value) {
    std::string digits = std::to_string(value);
    for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
    return digits;
}

std::string rounded(double value) {
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
