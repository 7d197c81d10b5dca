// SPDX-License-Identifier: LGPL-2.1-or-later
// From a recording's statistics and console to facts.
#include "facts.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tools/profile_selection.hpp"
#include "tools/stat_names.hpp"
#include "tools/sweep_table.hpp"

namespace tools::claims {
namespace {

std::vector<std::string> lines_of(const std::filesystem::path& file) {
    std::ifstream in{file};
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) {
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
        lines.push_back(line);
    }
    return lines;
}

SpanFacts facts_of(const SpanStatistics& s, size_t profile, const RunInfo& run) {
    const ProfileWalks& walks = s.sum.profiles[profile];
    SpanFacts f{s.count, s.least, s.median, s.most, s.sum.events, walks.walks, refills_of(walks.causes), {}};
    for (size_t z = 0; z < run.zones.size(); ++z) f.walks_by_zone[run.zones[z].name] += walks.by_zone[z];
    return f;
}

template <class Named>
const Named& named(const std::vector<Named>& all, const std::string& name, const Machine& m, const char* what) {
    const auto at = std::find_if(all.begin(), all.end(), [&](const Named& n) { return n.name == name; });
    if (at == all.end()) throw Failure{title(m), std::string{"the guest published no "} + what + " " + name};
    return *at;
}

}  // namespace

const SpanFacts* Facts::find_span(const std::string& name) const {
    const auto at = spans.find(name);
    return at == spans.end() ? nullptr : &at->second;
}

const SpanFacts& Facts::span(const std::string& name) const {
    if (const SpanFacts* s = find_span(name)) {
        if (missing_instructions(s->events, costs)) throw Failure{title(machine), "the workload " + name + " executes SYSENTER: " + not_on_this_cpu + " (" + costs.name + ")"};
        return *s;
    }
    const auto why = skipped.find(name);
    throw Failure{title(machine),
                  "the workload " + name + " was not measured" + (why == skipped.end() ? "" : ": " + why->second)};
}

const Measure* Facts::find_measure(const std::string& name) const {
    const auto at = std::find_if(measures.rbegin(), measures.rend(), [&](const Measure& m) { return m.name == name; });
    return at == measures.rend() ? nullptr : &*at;
}

uint64_t Facts::measure(const std::string& name) const {
    if (const Measure* m = find_measure(name)) return m->value;
    throw Failure{title(machine), "the guest printed no measure " + name};
}

std::vector<std::string> Facts::console_of(const std::string& workload) const {
    constexpr char head[] = "workload ";
    auto at = std::find(console.begin(), console.end(), head + workload);
    if (at == console.end()) return {};
    const auto end = std::find_if(++at, console.end(), [&](const std::string& line) { return line.rfind(head, 0) == 0; });
    return {at, end};
}

uint64_t Facts::fault_code(const std::string& workload) const {
    constexpr char killed[] = "killed by exception 14", code[] = ", error code ";
    for (const std::string& line : console_of(workload))
        if (const size_t at = line.find(code); at != std::string::npos && line.find(killed) != std::string::npos)
            return std::strtoul(line.c_str() + at + sizeof code - 1, nullptr, 10);
    return 0;
}

const ZoneInfo& Facts::zone(const std::string& name) const { return named(run.zones, name, machine, "zone"); }
const RegionInfo& Facts::region(const std::string& name) const { return named(run.regions, name, machine, "region"); }

std::vector<Facts> read_facts(const Machine& machine, const std::filesystem::path& directory, const std::vector<std::string>& profiles) {
    Trace trace{directory};
    Facts common;
    common.machine = machine;
    common.run = trace.run();
    std::vector<Profile> costs;
    for (const std::string& name : profiles) {
        if (std::find(common.run.profiles.begin(), common.run.profiles.end(), name) == common.run.profiles.end())
            throw Failure{directory.string(), "profile " + name + " was not modelled"};
        costs.push_back(profile_of(directory, name));
    }
    const Statistics s = collect_statistics(trace, costs);
    common.observed = s.observed;
    common.console = lines_of(directory / hidden_directory / console_file);
    common.measures = measures_in(common.console);
    std::stringstream console;
    for (const std::string& line : common.console) console << line << '\n';
    common.skipped = skipped_workloads(console);
    std::vector<Facts> by_profile(profiles.size(), common);
    for (size_t p = 0; p < profiles.size(); ++p) {
        by_profile[p].costs = costs[p];
        for (const SpanStatistics& span : s.spans) by_profile[p].spans[span.name] = facts_of(span, p, common.run);
    }
    return by_profile;
}

}  // namespace tools::claims
