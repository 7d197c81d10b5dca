// SPDX-License-Identifier: LGPL-2.1-or-later
// Parsing of the bochsrc option, free of Bochs.
#include "options.h"

#include <algorithm>
#include <iterator>

#include "zone_words.h"

namespace plugin {

namespace {

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
        return options.profiles->add_built_in(value);
    } else if (key == "geometry") {
        return options.profiles->add_geometry(value);
    } else if (key == "references") {
        if (value != "0" && value != "1") return "references=" + value + ": give 0 or 1";
        options.references = value == "1";
    } else if (key == "stale") {
        const auto known = std::find(std::begin(stale_mode_names), std::end(stale_mode_names), value);
        if (known == std::end(stale_mode_names)) return "stale=" + value + ": give off, used or speculative";
        options.stale = static_cast<StaleMode>(known - std::begin(stale_mode_names));
    } else if (key == "stop_on_stale") {
        if (value != "0" && value != "1") return "stop_on_stale=" + value + ": give 0 or 1";
        options.stop_on_stale = value == "1";
    } else if (key == "instructions") {
        if (!parse_count(value, options.instructions)) return "instructions=" + value + ": give a whole number";
    } else if (key == "system_map") {
        options.system_map = value;
    } else if (key == "zones") {
        std::vector<RunInfo::Zone> ignored;
        if (const std::string wrong = parse_zones(value, 0, ignored); !wrong.empty()) return "zones=" + value + ": " + wrong;
        options.zones = value;
    } else if (key == "record") {
        if (value != "0" && value != "1") return "record=" + value + ": give 0 or 1";
        options.record = value == "1";
    } else if (key == "save") {
        options.save = value;
    } else if (key == "restored") {
        options.restored = value;
    } else if (key == "live") {
        options.live = value;
    } else if (key == "start") {
        return parse_run_mark(value, options.start);
    } else if (key == "until") {
        return parse_run_mark(value, options.until);
    } else if (key == "split") {
        options.split = value;
    } else if (key == "paging") {
        options.paging = value;
    } else {
        return "unknown key '" + key + "'; known: enabled, output, profile, geometry, references, stale, stop_on_stale, instructions, system_map, zones, start, until, record, save, restored, live, split, paging";
    }
    return {};
}

std::string to_bochsrc(const Options& o) {
    std::string line = "zonescope: enabled=" + std::string{o.enabled ? "1" : "0"} + ", output=\"" + o.output + "\"";
    for (const std::string& p : o.profiles->options()) line += ", " + p;
    if (o.references) line += ", references=1";
    if (o.stale != Options{}.stale) line += std::string{", stale="} + name(o.stale);
    if (o.stop_on_stale) line += ", stop_on_stale=1";
    if (o.instructions) line += ", instructions=" + std::to_string(o.instructions);
    if (!o.system_map.empty()) line += ", system_map=\"" + o.system_map + "\"";
    if (!o.zones.empty()) line += ", zones=\"" + o.zones + "\"";
    if (o.start) line += ", start=\"" + to_word(o.start) + "\"";
    if (o.until) line += ", until=\"" + to_word(o.until) + "\"";
    if (!o.record) line += ", record=0";
    if (!o.save.empty()) line += ", save=\"" + o.save + "\"";
    if (!o.restored.empty()) line += ", restored=\"" + o.restored + "\"";
    if (!o.live.empty()) line += ", live=\"" + o.live + "\"";
    if (!o.split.empty()) line += ", split=" + o.split;
    if (!o.paging.empty()) line += ", paging=" + o.paging;
    return line;
}

}  // namespace plugin
