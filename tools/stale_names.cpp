// SPDX-License-Identifier: LGPL-2.1-or-later
// Words that the reports' text and JSON share.
#include <iterator>

#include "stale_entry.hpp"
#include "stale_output.hpp"
#include "text_table.hpp"

namespace tools {

const char* title(mm::StaleKind kind) {
    constexpr const char* titles[] = {"frame changed", "permission removed", "present bit cleared", "page size changed", "page table freed or reused",
                                      "dirty bit cleared", "global bit cleared", "memory type changed", "PDPTE not loaded", "freed page table in use"};
    static_assert(std::size(titles) == mm::stale_kinds);
    return titles[static_cast<size_t>(kind)];
}

std::string StaleNames::place(uint32_t ip, bool user) const {
    const std::string name = symbol(ip, user), where = name.empty() ? region(mm::VirtAddr{ip}, user) : "";
    if (!name.empty()) return name + " (" + hex_text(ip) + ")";
    return hex_text(ip) + (where.empty() ? "" : " (" + where + ")");
}

std::string StaleNames::region(mm::VirtAddr a, bool user) const {
    const unsigned r = regions_.of(a, user);
    return r < run_.regions.size() ? run_.regions[r].name : "";
}

std::string StaleNames::zone(mm::Pfn frame) const {
    const unsigned z = zones_.of(frame);
    return z < run_.zones.size() ? run_.zones[z].name : "other";
}

std::vector<std::string> StaleNames::profiles(uint16_t mask) const {
    std::vector<std::string> names;
    for (unsigned p = 0; p < run_.profiles.size() && p < 16; ++p)
        if (mask >> p & 1) names.push_back(run_.profiles[p]);
    return names;
}

std::string stale_summary(uint64_t sites, uint64_t uses) {
    return grouped(sites) + (sites == 1 ? " missing flush, " : " missing flushes, ") + grouped(uses) + (uses == 1 ? " use" : " uses") + " of what " +
           (sites == 1 ? "it" : "they") + " left behind";
}

}  // namespace tools
