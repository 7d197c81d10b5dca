// SPDX-License-Identifier: LGPL-2.1-or-later
// The names that `record` and `sweep` know, and the zones that a user may describe.
#include <algorithm>

#include "bochs-plugin/zone_words.h"
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
    std::vector<plugin::RunInfo::Zone> parsed;
    if (const std::string wrong = plugin::parse_zones(text, memory_mib, parsed); !wrong.empty()) throw InputError{"--zones " + text, wrong};
    std::vector<ZoneInfo> zones;
    for (const plugin::RunInfo::Zone& z : parsed) zones.push_back({z.name, z.start_pfn, z.end_pfn, z.present_pages, z.node});
    return zones;
}

std::string zone_words(const std::vector<ZoneInfo>& zones) {
    constexpr uint64_t kib_per_page = mm::page_size / 1024;
    std::string words;
    for (const ZoneInfo& z : zones)
        words += (words.empty() ? "" : ",") + z.name + ":" + std::to_string(z.start_pfn * kib_per_page) + "K-" + std::to_string(z.end_pfn * kib_per_page) + "K";
    return words;
}

}  // namespace tools
