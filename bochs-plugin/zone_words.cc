// SPDX-License-Identifier: LGPL-2.1-or-later
// Splits the words at their commas.
#include "zone_words.h"

#include <algorithm>
#include <optional>

#include "mm/addr.hpp"

namespace plugin {

using namespace mm;

namespace {

constexpr uint64_t most_bytes = uint64_t{1} << 40;

// 4096, 16M
std::optional<uint64_t> bytes(const std::string& text) {
    const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const std::string unit = text.substr(digits);
    const unsigned shift = unit == "K" ? 10 : unit == "M" ? 20 : unit == "G" ? 30 : 0;
    if (digits == 0 || digits > 13 || (shift == 0 && !unit.empty())) return std::nullopt;
    const uint64_t number = std::stoull(text.substr(0, digits));
    return number > most_bytes >> shift ? std::nullopt : std::optional{number << shift};
}

// Of frames [start, end) those that memory has.
uint32_t present(uint64_t start, uint64_t end, uint64_t ram_end) {
    const uint64_t last = std::min(end, ram_end), first = std::min(start, last);
    const uint64_t hole_start = std::max<uint64_t>(first, pc_hole_start), hole_end = std::min<uint64_t>(last, pc_hole_end);
    return static_cast<uint32_t>(last - first - (hole_start < hole_end ? hole_end - hole_start : 0));
}

}  // namespace

std::string parse_zones(const std::string& text, uint64_t memory_mib, std::vector<RunInfo::Zone>& zones) {
    const std::string form = "must look like dma:0-16M,normal:16M-896M,highmem:896M-";
    const uint64_t ram_end = memory_mib << (20 - page_shift);
    for (size_t from = 0; from <= text.size();) {
        const size_t comma = std::min(text.find(',', from), text.size());
        const std::string zone = text.substr(from, comma - from);
        from = comma + 1;
        const size_t colon = zone.find(':'), dash = zone.find('-', colon == std::string::npos ? 0 : colon);
        if (colon == std::string::npos || colon == 0 || dash == std::string::npos) return form;
        const std::string name = zone.substr(0, colon), start_text = zone.substr(colon + 1, dash - colon - 1), end_text = zone.substr(dash + 1);
        const auto start = bytes(start_text), end = end_text.empty() ? std::optional<uint64_t>{0} : bytes(end_text);
        if (!start || !end) return "'" + (start ? end_text : start_text) + "' is not a size; give a number with K, M or G, such as 16M";
        const uint64_t first = *start >> page_shift, last = end_text.empty() ? std::max(ram_end, first) : *end >> page_shift;
        if (name == "other") return "'other' stands for what is in no zone; choose another name";
        if (std::any_of(zones.begin(), zones.end(), [&](const RunInfo::Zone& z) { return z.name == name; })) return "two zones are named '" + name + "'; give each a name of its own";
        if (last < first || (!zones.empty() && first < zones.back().end_pfn)) return form;
        zones.push_back({name, 0, first, last, present(first, last, ram_end)});
    }
    return {};
}

}  // namespace plugin
