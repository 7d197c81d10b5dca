// SPDX-License-Identifier: LGPL-2.1-or-later
// Plain-text tables and numbers for people: columns aligned, thousands separated.
#pragma once

#include <stdint.h>

#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

namespace tools {

inline constexpr size_t widest_line = 125;

enum class Align : uint8_t { left, right };

// A table whose columns are as wide as their widest cell. Cells are UTF-8; a cell counts its code points.
class TextTable final {
public:
    struct Column {
        std::string title;
        Align align = Align::right;
    };
    enum class Titles : uint8_t { shown, none };
    explicit TextTable(std::vector<Column> columns, Titles titles = Titles::shown) : columns_{std::move(columns)}, titles_{titles} {}

    // One cell per column; missing ones are empty.
    void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

    // Writes the titles and the rows, each line indented and ended without trailing blanks. Columns that do not fit into
    // widest_line follow below, beside the first column once more.
    void print(std::ostream& out, unsigned indent = 0) const;

private:
    using Range = std::pair<size_t, size_t>;  // of columns, end exclusive
    [[nodiscard]] std::vector<size_t> widths() const;
    [[nodiscard]] static std::vector<Range> parts(const std::vector<size_t>& widths, size_t limit);
    void print(std::ostream& out, unsigned indent, const std::vector<size_t>& widths, Range columns) const;

    std::vector<Column> columns_;
    Titles titles_;
    std::vector<std::vector<std::string>> rows_;
};

// "1,234,567".
[[nodiscard]] std::string grouped(uint64_t value);

// A quantity for people: "0", "<0.01", "0.25", "12.5", "1,234", "-3".
[[nodiscard]] std::string rounded(double value);

// The text in lines of at most `width` columns, broken at blanks, each after the first indented.
[[nodiscard]] std::string wrapped(const std::string& text, unsigned width, unsigned indent);

}  // namespace tools
