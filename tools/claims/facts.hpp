// SPDX-License-Identifier: LGPL-2.1-or-later
// What a claim's judgement sees of one recording: counts, the console, and the costs to weigh them with. Plain data, so
// that tests can make it by hand.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "machine.hpp"
#include "measure_lines.hpp"
#include "tools/statistics.hpp"

namespace tools::claims {

// One workload's span: sums over `count` instances, by one profile.
struct SpanFacts {
    uint64_t count{};
    uint64_t least{}, median{}, most{};              // instructions of one instance
    EventCounts events{};
    WalkCounts walks{};
    Refills refills{};
    std::map<std::string, uint64_t> walks_by_zone{};

    [[nodiscard]] double each(uint64_t sum) const { return count ? static_cast<double>(sum) / static_cast<double>(count) : 0; }
    // Walks for pages that a CR3 write had dropped.
    [[nodiscard]] uint64_t refilled() const { return refills.context_switch + refills.split_switch; }
};

struct Facts {
    Machine machine{};
    bool recorded = false;                           // there is a trace, from the start to power-off
    bool good = false;                               // and the guest reported no failure
    std::string problem{};                           // if not
    RunInfo run{};
    ObservedStatistics observed{};
    Profile costs{};
    std::map<std::string, SpanFacts> spans{};
    std::vector<std::string> console{};
    std::vector<Measure> measures{};
    std::map<std::string, std::string> skipped{};    // workload -> why the guest did not run it

    // Throw Failure, which says what is missing and why: the experiment did not run.
    [[nodiscard]] const SpanFacts& span(const std::string& name) const;
    [[nodiscard]] uint64_t measure(const std::string& name) const;  // the last one of this name
    [[nodiscard]] const ZoneInfo& zone(const std::string& name) const;
    [[nodiscard]] const RegionInfo& region(const std::string& name) const;

    // What the console says between the workload's name and the next one's.
    [[nodiscard]] std::vector<std::string> console_of(const std::string& workload) const;

    // The error code of the page fault that ended a program of that workload (Intel SDM vol. 3, 4.7); 0 if none did.
    [[nodiscard]] uint64_t fault_code(const std::string& workload) const;

    // Nothing if it is not there.
    [[nodiscard]] const SpanFacts* find_span(const std::string& name) const;
    [[nodiscard]] const Measure* find_measure(const std::string& name) const;
};

// Reads a complete recording. Throws Error if it is damaged or has no profile.
// One for each of the profiles, in their order, from one reading.
[[nodiscard]] std::vector<Facts> read_facts(const Machine& machine, const std::filesystem::path& directory, const std::vector<std::string>& profiles);

}  // namespace tools::claims
