// SPDX-License-Identifier: LGPL-2.1-or-later
// Parses the guest's measures.
#include "measure_lines.hpp"

#include <charconv>
#include <sstream>

#include "tools/error.hpp"

namespace tools::claims {
namespace {

constexpr char head[] = "measure: ";

bool parse(const std::string& line, Measure& out) {
    std::istringstream words{line.substr(sizeof head - 1)};
    std::string value, surplus;
    if (!(words >> out.name >> value >> out.unit) || words >> surplus) return false;
    const char* const end = value.data() + value.size();
    const auto [rest, error] = std::from_chars(value.data(), end, out.value);
    return error == std::errc{} && rest == end;
}

}  // namespace

std::vector<Measure> measures_in(const std::vector<std::string>& console) {
    std::vector<Measure> found;
    for (const std::string& line : console) {
        if (line.rfind(head, 0) != 0) continue;
        Measure m;
        if (!parse(line, m)) throw Failure{"guest", "this is no measure of the form `measure: NAME VALUE UNIT`: " + line};
        found.push_back(m);
    }
    return found;
}

}  // namespace tools::claims
