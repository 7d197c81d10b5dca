// SPDX-License-Identifier: LGPL-2.1-or-later
// `stat --json`'s arrays as tables for spreadsheets and data frames.
#include <algorithm>
#include <map>
#include <ostream>

#include <nlohmann/json.hpp>

#include "export_formats.hpp"

namespace tools {
namespace {

using json = nlohmann::ordered_json;

class TableMaker final {
public:
    explicit TableMaker(std::string name) { table_.name = std::move(name); }

    // The values of an object, nested ones by their path; arrays are tables of their own and left out.
    void row(const json& element) {
        table_.rows.emplace_back(table_.columns.size());
        add(element, "");
    }
    CsvTable take() {
        for (auto& row : table_.rows) row.resize(table_.columns.size());
        return std::move(table_);
    }

private:
    void add(const json& value, const std::string& path) {
        if (value.is_object()) {
            for (const auto& [key, inner] : value.items()) add(inner, path.empty() ? key : path + "." + key);
        } else if (!value.is_array()) {
            const size_t column = column_of(path);
            auto& row = table_.rows.back();
            if (row.size() <= column) row.resize(column + 1);
            row[column] = value.is_null() ? "" : value.is_string() ? value.get<std::string>() : value.dump();
        }
    }
    size_t column_of(const std::string& path) {
        const auto [place, is_new] = places_.emplace(path, table_.columns.size());
        if (is_new) table_.columns.push_back(path);
        return place->second;
    }

    CsvTable table_;
    std::map<std::string, size_t> places_;
};

CsvTable table_of(const std::string& name, const json& elements) {
    TableMaker table{name};
    if (elements.is_object()) table.row(elements);
    else
        for (const json& element : elements) table.row(element);
    return table.take();
}

// Objects by profile become rows that begin with its name.
json with_profile(const std::string& profile, const json& element) {
    json row{{"profile", profile}};
    row.update(element);
    return row;
}

CsvTable table_by_profile(const std::string& name, const json& by_profile, const char* key = nullptr) {
    TableMaker table{name};
    for (const auto& [profile, value] : by_profile.items()) {
        const json& elements = key ? value.at(key) : value;
        if (elements.is_object()) table.row(with_profile(profile, elements));
        else
            for (const json& element : elements) table.row(with_profile(profile, element));
    }
    return table.take();
}

std::string quoted(const std::string& cell) {
    if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
    std::string text = "\"";
    for (const char c : cell) text += c == '"' ? "\"\"" : std::string{c};
    return text + "\"";
}

void write_row(const std::vector<std::string>& cells, std::ostream& out) {
    for (size_t i = 0; i < cells.size(); ++i) out << (i ? "," : "") << quoted(cells[i]);
    out << '\n';
}

}  // namespace

std::vector<CsvTable> csv_tables(const Statistics& s, const Symbols& symbols) {
    const json all = statistics_json(s, symbols);
    std::vector<CsvTable> tables;
    for (const char* name : {"run", "observed", "models", "zones", "regions", "spans", "outside_spans", "tasks", "functions", "stale"}) tables.push_back(table_of(name, all.at(name)));
    if (const json& long_mode = all.at("long_mode"); !long_mode.is_null()) tables.push_back(table_of("long_mode", long_mode));
    tables.push_back(table_by_profile("useless_flushes", all.at("useless_flushes")));
    tables.push_back(table_by_profile("useless_flush_sites", all.at("useless_flushes"), "sites"));
    tables.push_back(table_by_profile("sensitivity", all.at("sensitivity")));
    return tables;
}

void write_csv(const CsvTable& table, std::ostream& out) {
    write_row(table.columns, out);
    for (const auto& row : table.rows) write_row(row, out);
}

}  // namespace tools
