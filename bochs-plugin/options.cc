// SPDX-License-Identifier: LGPL-2.1-or-later
// Parsing of the bochsrc option, free of Bochs.
#include "options.h"

#include "mm/mmu_model.hpp"

namespace plugin {

namespace {

std::string known_profiles() {
    std::string all;
    for (const mm::MmuGeometry& g : mm::mmu_geometries) all += (all.empty() ? "" : ", ") + std::string{g.profile};
    return all;
}

bool is_profile(const std::string& name) {
    for (const mm::MmuGeometry& g : mm::mmu_geometries)
        if (name == g.profile) return true;
    return false;
}

// Decimal digits only, below 2^63.
bool parse_count(const std::string& text, uint64_t& count) {
    if (text.empty() || text.size() > 18 || text.find_first_not_of("0123456789") != std::string::npos) return false;
    count = std::stoull(text);
    return true;
}

}  // namespace

std::string parse_option(const std::string& text, Options& options) {
    const size_t equals = text.find('=');
    const std::string key = text.substr(0, equals);
    const std::string value = equals == std::string::npos ? std::string{} : text.substr(equals + 1);
    if (equals == std::string::npos) return "'" + text + "' is not of the form key=value";
    if (value.empty()) return "'" + key + "' has no value";
    if (key == "enabled") {
        if (value != "0" && value != "1") return "enabled=" + value + ": give 0 or 1";
        options.enabled = value == "1";
    } else if (key == "output") {
        options.output = value;
    } else if (key == "profile") {
        if (!is_profile(value)) return "profile=" + value + ": there is no such profile; known: " + known_profiles();
        options.profiles.push_back(value);
    } else if (key == "instructions") {
        if (!parse_count(value, options.instructions)) return "instructions=" + value + ": give a whole number";
    } else if (key == "split") {
        options.split = value;
    } else if (key == "paging") {
        options.paging = value;
    } else {
        return "unknown key '" + key + "'; known: enabled, output, profile, instructions, split, paging";
    }
    return {};
}

std::string to_bochsrc(const Options& o) {
    std::string line = "zonescope: enabled=" + std::string{o.enabled ? "1" : "0"} + ", output=\"" + o.output + "\"";
    for (const std::string& p : o.profiles) line += ", profile=" + p;
    if (o.instructions) line += ", instructions=" + std::to_string(o.instructions);
    if (!o.split.empty()) line += ", split=" + o.split;
    if (!o.paging.empty()) line += ", paging=" + o.paging;
    return line;
}

}  // namespace plugin
