// SPDX-License-Identifier: LGPL-2.1-or-later
// Multiplies counts with a profile's figures.
#include "cost_model.hpp"

namespace tools {

LineRecency::Limits recency_limits(const Profile& profile) {
    const auto lines = [](double v) { return static_cast<uint32_t>(v); };
    return {lines(profile.l1_lines.low), lines(profile.l1_lines.best), lines(profile.l1_lines.high)};
}

Interval walk_cycles(const WalkCounts& w, const Profile& p) {
    const Figure cold{p.l2.best, p.l2.low, p.memory.high, {}};
    Interval cycles = w.walks * p.walk_base;
    const uint64_t all = w.all_reads();
    const uint64_t recent_with_few = w.reads[0], recent = recent_with_few + w.reads[1], recent_with_many = recent + w.reads[2];
    cycles.low += (recent_with_many * p.l1).low + ((all - recent_with_many) * cold).low;
    cycles.best += (recent * p.l1).best + ((all - recent) * cold).best;
    cycles.high += (recent_with_few * p.l1).high + ((all - recent_with_few) * cold).high;
    return cycles;
}

Interval event_cycles(const EventCounts& e, const Profile& p) {
    return e.instructions * p.instruction + e.cr3_writes * p.mov_cr3 + e.invlpg * p.invlpg +
           (e.interrupts + e.page_faults) * p.interrupt + e.interrupt_returns * p.iret + e.page_faults * p.page_fault;
}

}  // namespace tools
