// SPDX-License-Identifier: LGPL-2.1-or-later
// The names that `record` and `sweep` know, and the zones that a user may describe.
#include <algorithm>

#include "address_map.hpp"
#include "command_line.hpp"
#include "guest-kernel/workload/spans.hpp"
#include "mm/layout.hpp"
#include "recorder.hpp"

namespace tools {

const std::vector<std::string>& split_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const mm::Split s : mm::all_splits) all.push_back(mm::name(s));
        return all;
    }();
    return names;
}

const std::vector<std::string>& initramfs_places() {
    static const std::vector<std::string> names{"embedded", "module"};
    return names;
}

const std::vector<std::string>& stale_modes() {
    static const std::vector<std::string> names{"off", "used", "speculative"};
    return names;
}

const std::vector<std::string>& paging_names() {
    static const std::vector<std::string> names{"classic", "pae"};
    return names;
}

const std::vector<std::string>& workload_names() {
    static const std::vector<std::string> names{std::begin(guest::span_names), std::end(guest::span_names)};
    return names;
}

std::vector<ZoneInfo> parse_zones(const std::string& text, uint64_t memory_mib) {
    const auto wrong = [&] { return InputError{"--zones " + text, "must look like dma:0-16M,normal:16M-896M,highmem:896M-"}; };
    const uint64_t ram_end = memory_mib << (20 - mm::page_shift);
    std::vector<ZoneInfo> zones;
    for (size_t from = 0; from <= text.size();) {
        const size_t comma = std::min(text.find(',', from), text.size());
        const std::string zone = text.substr(from, comma - from);
        from = comma + 1;
        const size_t colon = zone.find(':'), dash = zone.find('-', colon == std::string::npos ? 0 : colon);
        if (colon == std::string::npos || colon == 0 || dash == std::string::npos) throw wrong();
        ZoneInfo info;
        info.name = zone.substr(0, colon);
        info.start_pfn = parse_bytes(zone.substr(colon + 1, dash - colon - 1), "--zones") >> mm::page_shift;
        const std::string end = zone.substr(dash + 1);
        info.end_pfn = end.empty() ? std::max(ram_end, info.start_pfn) : parse_bytes(end, "--zones") >> mm::page_shift;
        if (info.name == "other") throw InputError{"--zones " + text, "'other' stands for what is in no zone; choose another name"};
        if (std::any_of(zones.begin(), zones.end(), [&](const ZoneInfo& z) { return z.name == info.name; }))
            throw InputError{"--zones " + text, "two zones are named '" + info.name + "'; give each a name of its own"};
        if (info.end_pfn < info.start_pfn || (!zones.empty() && info.start_pfn < zones.back().end_pfn)) throw wrong();
        const uint64_t present_end = std::min(info.end_pfn, ram_end), start = std::min(info.start_pfn, present_end);
        const uint64_t hole = std::min<uint64_t>(present_end, pc_hole_end) - std::min<uint64_t>({present_end, std::max<uint64_t>(start, pc_hole_start), pc_hole_end});
        info.present_pages = present_end - start - (start < pc_hole_end ? hole : 0);
        zones.push_back(info);
    }
    return zones;
}

}  // namespace tools
