// SPDX-License-Identifier: LGPL-2.1-or-later
// Prices from a profile's figures, and the products with the counts.
#include "cost_model.hpp"

#include <algorithm>

namespace tools {
namespace {

// What each event is charged, and for how much. A page fault is an exception besides.
struct EventPrice {
    Charge charge;
    uint64_t EventCounts::*events;
    Figure Profile::*figure;
};
constexpr EventPrice event_prices[] = {
    {Charge::instruction, &EventCounts::instructions, &Profile::instruction},
    {Charge::mov_cr3, &EventCounts::cr3_writes, &Profile::mov_cr3},
    {Charge::invlpg, &EventCounts::invlpg, &Profile::invlpg},
    {Charge::pdpte_load, &EventCounts::pdpte_loads, &Profile::pdpte_load},
    {Charge::interrupt, &EventCounts::interrupts, &Profile::interrupt},
    {Charge::exception, &EventCounts::exceptions, &Profile::exception},
    {Charge::exception, &EventCounts::page_faults, &Profile::exception},
    {Charge::iret, &EventCounts::interrupt_returns, &Profile::iret},
    {Charge::fast_call, &EventCounts::fast_calls, &Profile::sysenter},
    {Charge::fast_return, &EventCounts::fast_returns, &Profile::sysexit},
    {Charge::page_fault, &EventCounts::page_faults, &Profile::page_fault},
};

constexpr size_t first_read = static_cast<size_t>(Charge::read);

// How many lines of page-table entries the two caches are assumed to hold.
struct CacheLines {
    double l1, l2;
};

// Where a line is found whose segment ends at `end` other lines: the caches replace the least recently used line.
LinePlace place(double end, const CacheLines& hold) {
    if (end <= hold.l1) return LinePlace::l1;
    return end <= hold.l2 ? LinePlace::l2 : LinePlace::memory;
}

double end_of(unsigned segment, const LineRecency::Limits& limits) {
    return segment < limits.size() ? static_cast<double>(limits[segment]) : 1e18;
}

const Figure& price_at(LinePlace where, const Profile& p) {
    return where == LinePlace::l1 ? p.l1 : where == LinePlace::l2 ? p.l2 : p.memory;
}

Interval read_price(unsigned segment, const Profile& p, const LineRecency::Limits& limits) {
    const double end = end_of(segment, limits);
    const LinePlace nearest = place(end, {p.l1_lines.high, p.l2_lines.high}), farthest = place(end, {p.l1_lines.low, p.l2_lines.low});
    Interval price{1e18, price_at(place(end, {p.l1_lines.best, p.l2_lines.best}), p).best, 0};
    for (auto w = static_cast<unsigned>(nearest); w <= static_cast<unsigned>(farthest); ++w) {
        const Figure& f = price_at(static_cast<LinePlace>(w), p);
        price.low = std::min(price.low, f.low), price.high = std::max(price.high, f.high);
    }
    return price;
}

}  // namespace

uint64_t WalkCounts::all_reads() const {
    uint64_t sum = 0;
    for (const uint64_t n : reads) sum += n;
    return sum;
}

WalkCounts& WalkCounts::operator+=(const WalkCounts& o) {
    walks += o.walks, second_hits += o.second_hits;
    for (unsigned i = 0; i < LineRecency::max_segments; ++i) reads[i] += o.reads[i];
    return *this;
}

EventCounts& EventCounts::operator+=(const EventCounts& o) {
    instructions += o.instructions, cr3_writes += o.cr3_writes, invlpg += o.invlpg, pdpte_loads += o.pdpte_loads;
    page_faults += o.page_faults, interrupts += o.interrupts, exceptions += o.exceptions, interrupt_returns += o.interrupt_returns;
    fast_calls += o.fast_calls, fast_returns += o.fast_returns;
    return *this;
}

uint64_t missing_instructions(const EventCounts& events, const Profile& profile) {
    return (profile.has_sysenter() ? 0 : events.fast_calls) + (profile.has_sysexit() ? 0 : events.fast_returns);
}

Charges& Charges::operator+=(const Charges& o) {
    for (size_t i = 0; i < charge_count; ++i) times[i] += o.times[i];
    return *this;
}

Charges operator-(const Charges& a, const Charges& b) {
    Charges difference;
    for (size_t i = 0; i < charge_count; ++i) difference.times[i] = a.times[i] - b.times[i];
    return difference;
}

Charges operator/(const Charges& c, double n) {
    Charges each;
    for (size_t i = 0; i < charge_count; ++i) each.times[i] = c.times[i] / n;
    return each;
}

Charges charges_of(const EventCounts& e, const WalkCounts& w) {
    Charges c;
    for (const EventPrice& p : event_prices) c[p.charge] += static_cast<double>(e.*p.events);
    c[Charge::second_hit] = static_cast<double>(w.second_hits);
    c[Charge::walk] = static_cast<double>(w.walks);
    for (unsigned i = 0; i < LineRecency::max_segments; ++i) c.times[first_read + i] = static_cast<double>(w.reads[i]);
    return c;
}

LineRecency::Limits line_limits(const Profile& p) {
    LineRecency::Limits limits;
    for (const Figure* f : {&p.l1_lines, &p.l2_lines})
        for (const double lines : {f->low, f->best, f->high})
            if (lines >= 1) limits.push_back(static_cast<uint32_t>(lines));
    std::sort(limits.begin(), limits.end());
    limits.erase(std::unique(limits.begin(), limits.end()), limits.end());
    return limits;
}

Prices prices_of(const Profile& p) { return prices_of(p, line_limits(p)); }

Prices prices_of(const Profile& p, const LineRecency::Limits& counted_with) {
    Prices prices{};
    const auto price = [&](Charge what, const Figure& f) { prices[static_cast<size_t>(what)] = {f.low, f.best, f.high}; };
    for (const EventPrice& e : event_prices) price(e.charge, p.*e.figure);
    price(Charge::second_hit, p.second_level_hit);
    price(Charge::walk, p.walk_base);
    for (unsigned s = 0; s <= counted_with.size(); ++s) prices[first_read + s] = read_price(s, p, counted_with);
    return prices;
}

Interval cycles(const Charges& charges, const Prices& prices) {
    Interval sum;
    for (size_t i = 0; i < charge_count; ++i) {
        const double n = charges.times[i];
        const Interval& c = prices[i];
        sum += {n * (n < 0 ? c.high : c.low), n * c.best, n * (n < 0 ? c.low : c.high)};
    }
    return sum;
}

Interval walk_cycles(const WalkCounts& walks, const Profile& profile) {
    WalkCounts alone = walks;
    alone.second_hits = 0;
    return cycles(charges_of({}, alone), prices_of(profile));
}

Interval event_cycles(const EventCounts& events, const Profile& profile) { return cycles(charges_of(events, {}), prices_of(profile)); }

LinePlace best_place(unsigned segment, const Profile& p) {
    return place(end_of(segment, line_limits(p)), {p.l1_lines.best, p.l2_lines.best});
}

}  // namespace tools
