// SPDX-License-Identifier: LGPL-2.1-or-later
// Renders measured tables.
#include "table.hpp"

#include <algorithm>
#include <ostream>

#include <nlohmann/json.hpp>

#include "tools/text_table.hpp"

namespace tools::claims {
namespace {

struct Printed {
    std::string operator()(std::monostate) const { return "-"; }
    std::string operator()(const std::string& word) const { return word; }
    std::string operator()(uint64_t count) const { return grouped(count); }
    std::string operator()(double quantity) const { return rounded(quantity); }
    std::string operator()(const Interval& cycles) const { return text_of(cycles); }
};

struct Written {
    nlohmann::ordered_json operator()(std::monostate) const { return nullptr; }
    nlohmann::ordered_json operator()(const Interval& i) const { return {{"low", i.low}, {"best", i.best}, {"high", i.high}}; }
    template <class Value> nlohmann::ordered_json operator()(const Value& v) const { return v; }
};

// Words stand left, numbers right; a column is what its first filled cell is.
Align align_of(const Table& t, size_t column) {
    for (const auto& row : t.rows)
        if (column < row.size() && !std::holds_alternative<std::monostate>(row[column]))
            return std::holds_alternative<std::string>(row[column]) ? Align::left : Align::right;
    return Align::left;
}

}  // namespace

std::string text_of(const Cell& cell) { return std::visit(Printed{}, cell); }

std::string text_of(const Interval& i) {
    if (i.low == i.best && i.best == i.high) return rounded(i.best);
    return rounded(i.best) + " (" + rounded(i.low) + (i.high < 0 ? " to " : "-") + rounded(i.high) + ")";
}

void print(const Table& t, std::ostream& out, unsigned indent) {
    std::vector<TextTable::Column> columns;
    for (size_t i = 0; i < t.columns.size(); ++i) columns.push_back({t.columns[i].title, align_of(t, i)});
    TextTable text{columns};
    for (const auto& row : t.rows) {
        std::vector<std::string> cells;
        for (const Cell& cell : row) cells.push_back(text_of(cell));
        text.row(std::move(cells));
    }
    text.print(out, indent);
}

nlohmann::ordered_json json_of(const Table& t) {
    auto rows = nlohmann::ordered_json::array();
    for (const auto& row : t.rows) {
        nlohmann::ordered_json object = nlohmann::ordered_json::object();
        for (size_t i = 0; i < t.columns.size() && i < row.size(); ++i) object[t.columns[i].key] = std::visit(Written{}, row[i]);
        rows.push_back(std::move(object));
    }
    return rows;
}

}  // namespace tools::claims
