// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads a filter's words.
#include "tools/view/filter_words.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "tools/command_line.hpp"
#include "tools/error.hpp"

namespace tools::view {
namespace {

const std::vector<std::string> keys = {"event", "zone", "region", "task", "from", "to"};

uint64_t ticks(const std::string& key, const std::string& value) {
    uint64_t number = 0;
    const auto [rest, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc{} || rest != value.data() + value.size()) throw InputError{key, "'" + value + "' is no number of ticks"};
    return number;
}

void set(DumpFilter& filter, const std::string& key, const std::string& value) {
    if (key == "zone") filter.zone = value;
    if (key == "region") filter.region = value;
    if (key == "task") filter.task = value;
    if (key == "from") filter.from = ticks(key, value);
    if (key == "to") filter.to = ticks(key, value);
    if (key != "event") return;
    std::vector<std::string> names;
    for (const auto& kind : mm::trace::kinds) names.push_back(kind.name);
    filter.events = parse_list(value, "event", names);
}

}  // namespace

DumpFilter parse_filter_words(const std::string& words) {
    DumpFilter filter;
    std::istringstream in{words};
    for (std::string word; in >> word;) {
        const size_t start = std::min(word.find_first_not_of('-'), word.size()), equals = word.find('=', start);
        const std::string key = word.substr(start, equals == std::string::npos ? equals : equals - start);
        if (std::find(keys.begin(), keys.end(), key) == keys.end())
            throw InputError{"filter", "'" + word + "' is none of " + join(keys) + "; write for example zone=HIGHMEM"};
        std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
        if (equals == std::string::npos) in >> value;
        if (value.empty()) throw InputError{"filter", "'" + key + "' has no value; write for example " + key + (key == "from" || key == "to" ? "=1000" : "=NAME")};
        set(filter, key, value);
    }
    return filter;
}

}  // namespace tools::view
