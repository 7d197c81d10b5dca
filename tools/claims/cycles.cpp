// SPDX-License-Identifier: LGPL-2.1-or-later
// Weighs counts, and differences of counts, with a profile's figures.
#include "cycles.hpp"

#include <algorithm>

namespace tools::claims {
namespace {

// Counts per instance with their costs, as timing-model.md has them: the cycles are the sum of the products.
struct Weighed {
    double count;
    Interval cost;
};

Interval interval(const Figure& f) { return {f.low, f.best, f.high}; }

std::array<Weighed, 11> weighed(const SpanFacts& s, const Profile& p) {
    const EventCounts& e = s.events;
    const Interval recent = interval(p.l1), cold{p.l2.low, p.l2.best, p.memory.high};
    const auto between = [&](double best) {
        return Interval{std::min(recent.low, cold.low), best, std::max(recent.high, cold.high)};
    };
    return {{{s.each(e.instructions), interval(p.instruction)},
             {s.each(e.cr3_writes), interval(p.mov_cr3)},
             {s.each(e.invlpg), interval(p.invlpg)},
             {s.each(e.interrupts + e.page_faults), interval(p.interrupt)},
             {s.each(e.interrupt_returns), interval(p.iret)},
             {s.each(e.page_faults), interval(p.page_fault)},
             {s.each(s.walks.walks), interval(p.walk_base)},
             // Reads by how lately their line was read: in the middle the profile's limit of 'lately' decides.
             {s.each(s.walks.reads[0]), recent},
             {s.each(s.walks.reads[1]), between(recent.best)},
             {s.each(s.walks.reads[2]), between(cold.best)},
             {s.each(s.walks.reads[3]), cold}}};
}

}  // namespace

Interval cycles_each(const SpanFacts& span, const Profile& costs) { return extra_cycles(span, SpanFacts{}, costs); }

Interval extra_cycles(const SpanFacts& a, const SpanFacts& b, const Profile& costs) {
    const auto of_a = weighed(a, costs), of_b = weighed(b, costs);
    Interval sum;
    for (size_t i = 0; i < of_a.size(); ++i) {
        const double n = of_a[i].count - of_b[i].count;
        const Interval& c = of_a[i].cost;
        sum += {n * (n < 0 ? c.high : c.low), n * c.best, n * (n < 0 ? c.low : c.high)};
    }
    return sum;
}

Comparison compare(const SpanFacts& a, const SpanFacts& b, const Profile& costs) {
    const Interval extra = extra_cycles(a, b, costs);
    if (extra.low > 0) return Comparison::more;
    if (extra.high < 0) return Comparison::less;
    return extra.low == 0 && extra.high == 0 ? Comparison::equal : Comparison::unknown;
}

}  // namespace tools::claims
