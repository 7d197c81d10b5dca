// SPDX-License-Identifier: LGPL-2.1-or-later
// Levels, causes, zones, regions and spans: each is a way to divide the same whole.
#include "conservation.hpp"

#include <algorithm>
#include <cmath>

namespace tools {
namespace {

class Conservation final {
public:
    Conservation(const Statistics& s, const std::string& subject) : s_{s}, subject_{subject} {}

    void check() const {
        fills();
        events();
        shares(), instructions_of_tasks();
        for (size_t p = 0; p < s_.profiles.size(); ++p) places(p), causes(p), lookups(p), entries(p), spans(p);
    }

private:
    void require(bool holds, const char* what) const {
        if (!holds) throw Failure{subject_, std::string{what} + "; this is a bug in zonescope, please report it with the trace"};
    }

    void fills() const {
        uint64_t in_zones = 0, in_regions = 0;
        for (const auto& z : s_.zones) in_zones += z.observed_fills;
        for (const auto& r : s_.regions) in_regions += r.observed_fills;
        require(in_zones == s_.observed.fills() && in_regions == in_zones, "fills by zone or region do not add up to all fills");
        const LongModeStatistics& l = s_.long_mode;
        require(l.fills[0] + l.fills[1] + l.fills[2] + l.faulted == l.walks, "walks of long mode by page size do not add up to its walks");
    }

    // Outermost spans and what is outside them make up everything; spans inside others are counted in those.
    void shares() const {
        for (const auto* all : {&s_.tasks, &s_.functions}) {
            if (all->empty()) continue;
            EventCounts sum;
            uint64_t fills = 0;
            std::vector<WalkCounts> walks(s_.profiles.size());
            for (const ShareStatistics& share : *all) {
                sum += share.events, fills += share.observed_fills;
                for (size_t p = 0; p < walks.size(); ++p) walks[p] += share.walks[p];
            }
            sum.instructions = s_.total.events.instructions;  // told of some tasks only, and of no function
            require(sum == s_.total.events && fills == s_.observed.fills(), "events by task or function do not add up to all events");
            for (size_t p = 0; p < walks.size(); ++p) {
                const WalkCounts& total = s_.total.profiles[p].walks;
                require(walks[p].walks == total.walks && walks[p].second_hits == total.second_hits && walks[p].all_reads() == total.all_reads(),
                        "walks by task or function do not add up to all walks");
            }
        }
    }
    void instructions_of_tasks() const {
        uint64_t sum = 0;
        for (const ShareStatistics& task : s_.tasks) sum += task.events.instructions;
        require(!s_.run.tasks || sum == s_.total.events.instructions, "instructions by task do not add up to all instructions");
    }

    void events() const {
        const EventCounts& all = s_.total.events;
        require(all.cr3_writes == s_.observed.cr3_writes && all.invlpg == s_.observed.invlpg && all.page_faults == s_.observed.page_faults,
                "events in spans and outside do not add up to all events");
    }

    void places(size_t p) const {
        uint64_t in_zones = 0, in_regions = 0;
        for (const auto& z : s_.zones) in_zones += z.walks[p].walks;
        for (const auto& r : s_.regions) in_regions += r.walks[p].walks;
        const uint64_t walks = s_.total.profiles[p].walks.walks;
        require(in_zones == walks && in_regions == walks, "walks by zone or region do not add up to all walks");
    }

    void causes(size_t p) const {
        uint64_t sum = 0;
        for (size_t c = 0; c < mm::refill_causes; ++c) {
            uint64_t in_zones = 0, in_regions = 0;
            for (const auto& z : s_.zones) in_zones += z.causes[p][c];
            for (const auto& r : s_.regions) in_regions += r.causes[p][c];
            const uint64_t all = s_.total.profiles[p].causes[c];
            require(in_zones == all && in_regions == all, "causes by zone or region do not add up to the causes of all walks");
            sum += all;
        }
        require(sum == s_.total.profiles[p].walks.walks, "causes do not add up to the walks");
    }

    // That misses are walks and hits of the second level is a rule of the trace: model_checker.cpp.
    void lookups(size_t p) const {
        const ModelStatistics& m = s_.models[p];
        const WalkCounts& counted = s_.total.profiles[p].walks;
        for (const LookupStatistics& l : {m.instruction, m.data})
            require(l.walks <= l.misses && l.misses <= l.lookups, "more walks than misses, or more misses than lookups");
        require(m.instruction.walks + m.data.walks == counted.walks, "walks by kind of access do not add up to all walks");
    }

    // The entries that were read, by level and by segment, are those of all walks.
    void entries(size_t p) const {
        const WalkLevels& levels = s_.models[p].levels;
        const WalkCounts& walks = s_.total.profiles[p].walks;
        for (unsigned i = 0; i < LineRecency::max_segments; ++i)
            require(levels.directory[i] + levels.table[i] == walks.reads[i], "entries read by level do not add up to all that were read");
    }

    void spans(size_t p) const {
        const Interval parts = s_.cycles(s_.in_outermost_spans, p) + s_.cycles(s_.outside, p), whole = s_.cycles(s_.total, p);
        require(same(parts.low, whole.low) && same(parts.best, whole.best) && same(parts.high, whole.high),
                "cycles in spans and outside do not add up to all cycles");
    }
    // But for rounding.
    static bool same(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b)); }

    const Statistics& s_;
    const std::string& subject_;
};

}  // namespace

void check_conservation(const Statistics& s, const std::string& subject) { Conservation{s, subject}.check(); }

}  // namespace tools
