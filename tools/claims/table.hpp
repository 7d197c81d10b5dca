// SPDX-License-Identifier: LGPL-2.1-or-later
// A measured table: printed for people and written as JSON from the same cells.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tools/cost_model.hpp"

namespace tools::claims {

// Nothing (printed as a dash), a word, a count, a quantity, or cycles with their interval.
using Cell = std::variant<std::monostate, std::string, uint64_t, double, Interval>;

// A key that is a word for people too is given once.
struct Column {
    std::string key;    // in the JSON
    std::string title;  // for people

    Column(std::string both) : key{both}, title{std::move(both)} {}
    Column(std::string for_json, std::string for_people) : key{std::move(for_json)}, title{std::move(for_people)} {}
};

struct Table {
    std::string key;      // in the JSON
    std::string caption;  // one line
    std::vector<Column> columns;
    std::vector<std::vector<Cell>> rows{};

    void row(std::vector<Cell> cells) { rows.push_back(std::move(cells)); }
};

[[nodiscard]] std::string text_of(const Cell& cell);

// "123 (100-150)"; the numbers may be below 0.
[[nodiscard]] std::string text_of(const Interval& cycles);

void print(const Table& table, std::ostream& out, unsigned indent);

// An array with an object for each row.
[[nodiscard]] nlohmann::ordered_json json_of(const Table& table);

}  // namespace tools::claims
