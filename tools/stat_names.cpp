// SPDX-License-Identifier: LGPL-2.1-or-later
// Words and numbers as `stat` prints them.
#include "stat_names.hpp"

#include <cstdio>

#include "text_table.hpp"

namespace tools {

const char* title(mm::RefillCause cause) {
    constexpr const char* titles[] = {"first touch", "evicted", "fault", "context switch", "split switch", "INVLPG",
                                      "CR0/CR4", "page fault", "task switch", "SMM", "kmap wrap", "vmalloc purge"};
    static_assert(std::size(titles) == mm::refill_causes);
    return titles[static_cast<size_t>(cause)];
}

std::vector<mm::RefillCause> causes_in(const Statistics& s) {
    std::vector<mm::RefillCause> causes;
    for (unsigned c = 0; c < mm::refill_causes; ++c) {
        uint64_t walks = 0;
        for (const ProfileWalks& p : s.total.profiles) walks += p.causes[c];
        if (walks) causes.push_back(static_cast<mm::RefillCause>(c));
    }
    return causes;
}

std::string percent(uint64_t part, uint64_t whole) {
    char text[24];
    std::snprintf(text, sizeof text, "%.3f%%", whole ? 100.0 * static_cast<double>(part) / static_cast<double>(whole) : 0.0);
    return text;
}

std::string zone_name(const Statistics& s, size_t zone) { return zone < s.run.zones.size() ? s.run.zones[zone].name : "other"; }
std::string region_name(const Statistics& s, size_t region) { return region < s.run.regions.size() ? s.run.regions[region].name : "other"; }

std::string interval_text(const Interval& cycles, uint64_t count) {
    const double n = count ? static_cast<double>(count) : 1.0;
    return rounded(cycles.best / n) + " (" + rounded(cycles.low / n) + "-" + rounded(cycles.high / n) + ")";
}

std::string signed_interval_text(const Interval& cycles) { return rounded(cycles.best) + " (" + rounded(cycles.low) + " to " + rounded(cycles.high) + ")"; }

std::string cycles_text(const Statistics& s, const Activity& a, size_t profile) {
    return s.can_execute(a, profile) ? interval_text(s.cycles(a, profile)) : not_on_this_cpu;
}

std::string hexadecimal(uint64_t v) {
    char text[24];
    std::snprintf(text, sizeof text, "%08llx", static_cast<unsigned long long>(v));
    return text;
}

}  // namespace tools
