// SPDX-License-Identifier: LGPL-2.1-or-later
// The reports of missing flushes as `stale` and `stat --json` print them.
#pragma once

#include <iosfwd>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "address_map.hpp"
#include "stale_report.hpp"
#include "symbols.hpp"

namespace tools {

inline constexpr int stale_schema = 1;

// Names for what a report has as numbers. What it is made from outlives it.
class StaleNames final {
public:
    StaleNames(const RunInfo& run, const Symbols& symbols) : run_{run}, symbols_{symbols}, zones_{run.zones}, regions_{run.regions} {}

    // Of an instruction; empty if it is not known. A program's have no names: which program it was is not recorded.
    [[nodiscard]] std::string symbol(uint32_t ip, bool user = false) const { return user ? std::string{} : symbols_.at(ip); }
    // "guest::kunmap+0x12 (0xc0100123)"; "0x8048010 (user)".
    [[nodiscard]] std::string place(uint32_t ip, bool user = false) const;
    [[nodiscard]] std::string region(mm::VirtAddr a, bool user) const;       // empty if it is in none
    [[nodiscard]] std::string zone(mm::Pfn frame) const;                     // `other` if it is in none
    [[nodiscard]] std::vector<std::string> profiles(uint16_t mask) const;
    [[nodiscard]] const RunInfo& run() const { return run_; }

private:
    const RunInfo& run_;
    const Symbols& symbols_;
    ZoneMap zones_;
    RegionMap regions_;
};

// "frame changed".
[[nodiscard]] const char* title(mm::StaleKind kind);

// One element of `stale`; doc/json.md lists the keys.
[[nodiscard]] nlohmann::ordered_json stale_json(const StaleReport& report, const StaleNames& names);
[[nodiscard]] nlohmann::ordered_json stale_document(const std::vector<StaleReport>& reports, const StaleNames& names);

// Every report, and a summary. `colours`: for a terminal.
void print_stale(const std::vector<StaleReport>& reports, const StaleNames& names, const std::string& directory, bool colours, std::ostream& out);

// "3 missing flushes, 57 uses of what they left behind".
[[nodiscard]] std::string stale_summary(uint64_t sites, uint64_t uses);

}  // namespace tools
