// SPDX-License-Identifier: LGPL-2.1-or-later
// Compares what `zonescope stale --json` says of a run of all bad twins (tests/stale) with what it must say: each once, of the right
// kind, by the right instructions, and nothing else. Prints a line per twin, "0 what is as expected" or "1 what is not", for a
// script to make TAP of.
//
//   match_twins tests/stale/expected classic|pae twins-PAGING.elf <JSON
#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "symbols.hpp"

namespace {

using nlohmann::json;

struct Expected {
    std::string twin, paging, kind, level, access, how;

    // Of the twin's functions.
    std::string function(const char* name) const {
        std::string space = twin;
        std::replace(space.begin(), space.end(), '-', '_');
        return "twins::" + space + "::" + name;
    }
};

std::vector<Expected> read_expected(const char* file, const std::string& paging) {
    std::vector<Expected> all;
    std::ifstream in{file};
    for (std::string line; std::getline(in, line);) {
        std::istringstream words{line};
        Expected e;
        if (line.empty() || line[0] == '#' || !(words >> e.twin >> e.paging >> e.kind >> e.level >> e.access >> e.how)) continue;
        if (e.paging == "both" || e.paging == paging) all.push_back(e);
    }
    return all;
}

uint32_t address(const json& object, const char* key) {
    const json value = object.value(key, json{});
    if (value.is_string()) return static_cast<uint32_t>(std::stoul(value.get<std::string>(), nullptr, 16));
    return value.is_number() ? value.get<uint32_t>() : 0;
}

// The function that holds an address; the tool may not know where the twins' image lies.
std::string function_at(const tools::Symbols& symbols, uint32_t address) {
    const std::string name = symbols.at(address);
    return name.substr(0, name.find('+'));
}

// Empty if the site is what was expected.
std::string difference(const Expected& e, const json& site, const tools::Symbols& symbols) {
    const json &use = site.at("use"), &writer = site.at("writer");
    const auto differs = [](const std::string& what, const std::string& got, const std::string& wanted) {
        return got == wanted || wanted == "*" ? "" : what + " is " + (got.empty() ? "unknown" : got) + ", not " + wanted + "; ";
    };
    std::string all = differs("kind", site.at("kind"), e.kind) + differs("level", site.at("level"), e.level) +
                      differs("access", use.at("access"), e.access) + differs("how", writer.at("how"), e.how) +
                      differs("use", function_at(symbols, address(use, "ip")), e.function("use"));
    if (e.how != "device") all += differs("writer", function_at(symbols, address(writer, "ip")), e.function("change"));
    return all;
}

}  // namespace

int main(int count, char** words) {
    if (count != 4) return std::cerr << "usage: match_twins EXPECTED PAGING ELF <JSON\n", 2;
    const std::vector<Expected> expected = read_expected(words[1], words[2]);
    const tools::Symbols symbols{words[3]};
    std::vector<json> sites = json::parse(std::cin).at("stale");
    for (const Expected& e : expected) {
        const auto of_twin = [&](const json& site) {
            const std::string own = e.function("");
            return function_at(symbols, address(site.at("use"), "ip")).rfind(own, 0) == 0 ||
                   function_at(symbols, address(site.at("writer"), "ip")).rfind(own, 0) == 0;
        };
        const auto others = std::stable_partition(sites.begin(), sites.end(), of_twin);
        std::string wrong;
        for (auto site = sites.begin(); site != others; ++site) wrong += difference(e, *site, symbols);
        const auto reports = others - sites.begin();
        if (reports != 1) wrong += std::to_string(reports) + " reports";
        sites.erase(sites.begin(), others);
        std::cout << (wrong.empty() ? "0 " : "1 ") << e.twin << ": one report, " << e.kind << (wrong.empty() ? "" : " (but " + wrong + ")") << '\n';
    }
    std::cout << (sites.empty() ? "0" : "1") << " nothing else is reported\n";
    for (const json& site : sites) std::cerr << "# " << site.dump() << '\n';
}
