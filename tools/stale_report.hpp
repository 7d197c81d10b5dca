// SPDX-License-Identifier: LGPL-2.1-or-later
// The missing TLB flushes that a recording found: one report a site, with what was flushed before its first use.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "trace_reader.hpp"

namespace tools {

// An instruction that flushed something.
struct FlushSeen {
    uint64_t ticks{};
    uint32_t ip{};
};

struct StaleReport {
    mm::trace::Stale first;       // its first use
    unsigned cpu{};               // that used it
    uint64_t ticks{}, uses{};
    mm::Control control;          // as the registers were
    std::optional<FlushSeen> cr3_write, invlpg;  // that CPU's last ones before: any MOV to CR3; INVLPG of this page, if not long ago
    std::optional<FlushSeen> invpcid;            // its very last one, if that was of this page or of all
};

// Takes the events of all streams, one stream after the other.
class StaleCollector final {
public:
    void begin(unsigned cpu);
    void take(uint64_t time, const mm::trace::Stale& e, const mm::trace::State& state);
    void take(uint64_t time, const mm::trace::StaleUses& e, const mm::trace::State&) { count(sites_[e.site], time, e.uses); }
    void take(uint64_t time, const mm::trace::ControlWrite& e, const mm::trace::State&) {
        if (e.which == mm::trace::EventId::cr3_write) cr3_write_ = FlushSeen{time, e.ip};
    }
    void take(uint64_t time, const mm::trace::InvalidatePage& e, const mm::trace::State&) {
        const uint32_t page = mm::page_of(e.linear).raw;
        invlpgs_[page % remembered] = {page, {time, e.ip}};
    }
    void take(uint64_t time, const mm::trace::InvalidatePcid& e, const mm::trace::State&) { invpcid_ = Invpcid{e, {time, e.ip}}; }
    template <class Event>
    void take(uint64_t, const Event&, const mm::trace::State&) const {}

    // The reports by time.
    [[nodiscard]] std::vector<StaleReport> finish();

private:
    static constexpr unsigned remembered = 4096;  // INVLPGs, one for each of so many pages
    struct Invlpg {
        uint32_t page = ~0u;
        FlushSeen seen;
    };

    struct Invpcid {
        mm::trace::InvalidatePcid event;
        FlushSeen seen;
    };

    unsigned cpu_ = 0;
    std::optional<FlushSeen> cr3_write_;
    std::vector<Invlpg> invlpgs_;
    std::optional<Invpcid> invpcid_;
    // With several CPUs any of them may tell of a site, and uses may be taken back: what was said last counts.
    struct Site {
        std::optional<StaleReport> report;
        uint64_t said{}, uses{};
    };
    static void count(Site& site, uint64_t time, uint64_t uses) {
        if (time >= site.said) site.said = time, site.uses = uses;
    }
    std::map<unsigned, Site> sites_;
};

// Reads the whole trace.
[[nodiscard]] std::vector<StaleReport> collect_stale(Trace& trace);

}  // namespace tools
