// SPDX-License-Identifier: LGPL-2.1-or-later
// One pass over a trace's events that fills Statistics; further passes only if a span's median needs them.
#include <algorithm>
#include <map>

#include "address_map.hpp"
#include "exact_median.hpp"
#include "statistics.hpp"
#include "walk_places.hpp"

namespace tools {
namespace {

namespace trace = mm::trace;

// A span instance that has begun: what happened in it so far, inner instances that ended included.
struct OpenSpan {
    uint16_t id;
    uint32_t instructions_at_begin;
    Activity activity;
};

struct SpanTotals {
    uint64_t count = 0, least = UINT64_MAX, most = 0;
    ExactMedian median;
    Activity sum;
};

// Spans of all CPUs, by id.
using SpanTable = std::map<uint16_t, SpanTotals>;

// Follows the nesting of spans on one CPU and says which activity the events belong to now.
class SpanStack final {
public:
    SpanStack(const Activity& empty, Statistics& s, SpanTable& table)
        : empty_{empty}, outside_{s.outside}, outermost_{s.in_outermost_spans}, table_{table}, current_{&s.outside} {}

    Activity& current() { return *current_; }

    void begin(const trace::SpanEdge& e) {
        if (depth_ == open_.size()) open_.push_back({0, 0, empty_});
        OpenSpan& span = open_[depth_++];
        span.id = e.span, span.instructions_at_begin = e.instructions;
        span.activity.clear();
        current_ = &span.activity;
    }
    // An end without its begin, or of another span, is the checker's business: it is passed over here.
    void end(const trace::SpanEdge& e) {
        if (depth_ == 0 || open_[depth_ - 1].id != e.span) return;
        OpenSpan& span = open_[--depth_];
        current_ = depth_ ? &open_[depth_ - 1].activity : &outside_;
        const uint64_t instructions = e.instructions - span.instructions_at_begin;  // modulo 2^32
        span.activity.events.instructions = instructions;
        SpanTotals& totals = totals_of(e.span);
        ++totals.count;
        totals.least = std::min(totals.least, instructions);
        totals.most = std::max(totals.most, instructions);
        totals.median.add(instructions);
        totals.sum.add(span.activity);
        if (depth_) {
            // The outer instance counts its own instructions from begin to end: these are among them.
            span.activity.events.instructions = 0;
            current_->add(span.activity);
        } else {
            in_spans_ += instructions;
            outermost_.add(span.activity);
        }
    }
    // Instances that never ended belong to no span.
    void finish() {
        while (depth_) {
            open_[--depth_].activity.events.instructions = 0;
            outside_.add(open_[depth_].activity);
        }
    }
    [[nodiscard]] uint64_t instructions_in_spans() const { return in_spans_; }

private:
    SpanTotals& totals_of(uint16_t span) {
        const auto known = table_.find(span);
        if (known != table_.end()) return known->second;
        return table_.emplace(span, SpanTotals{0, UINT64_MAX, 0, ExactMedian{}, empty_}).first->second;
    }

    const Activity& empty_;
    Activity& outside_;
    Activity& outermost_;
    SpanTable& table_;
    std::vector<OpenSpan> open_;
    size_t depth_ = 0;
    Activity* current_;
    uint64_t in_spans_ = 0;
};

// Takes the events of one CPU's stream.
class Collector final {
public:
    Collector(Statistics& s, SpanTable& spans, std::map<uint16_t, std::string>& names, const Activity& empty)
        : s_{s}, names_{names}, zones_{s.run.zones}, regions_{s.run.regions}, spans_{empty, s, spans}, last_counters_(s.profiles.size()),
          counted_(s.profiles.size()), line_shift_(s.profiles.size()) {
        for (size_t i = 0; i < s.profiles.size(); ++i) {
            recency_.emplace_back(recency_limits(s.profiles[i]));
            while (1u << line_shift_[i] < static_cast<unsigned>(s.profiles[i].line_bytes.best)) ++line_shift_[i];
        }
        every_profile_ = static_cast<uint32_t>((uint64_t{1} << s.profiles.size()) - 1);
    }

    void take(const trace::State&, const trace::State&) {}
    void take(const trace::ControlWrite& e, const trace::State&) {
        if (e.which != trace::EventId::cr3_write) return;
        ++s_.observed.cr3_writes, ++s_.total.events.cr3_writes, ++spans_.current().events.cr3_writes;
    }
    void take(const trace::TaskSwitch&, const trace::State&) {}
    void take(const trace::InvalidatePage&, const trace::State&) {
        ++s_.observed.invlpg, ++s_.total.events.invlpg, ++spans_.current().events.invlpg;
    }
    void take(const trace::PdpteLoad&, const trace::State&) { s_.observed.pdpte_loads += 4; }
    void take(const trace::ObservedWalk& e, const trace::State& state) {
        s_.observed.walk_reads += e.walk.reads;
        s_.observed.walk_writes += e.pde_written + e.pte_written;
        if (e.walk.fault) return;
        const WalkPlaces walk = places(e.walk, state);
        using mm::AccessKind;
        ++(e.walk.access.kind == AccessKind::read ? s_.observed.fills_read
           : e.walk.access.kind == AccessKind::write ? s_.observed.fills_write : s_.observed.fills_execute);
        ++s_.zones[zone_of(e.walk, walk)].observed_fills;
        ++s_.regions[region_of(e.walk)].observed_fills;
    }
    void take(const trace::ModelWalk& e, const trace::State& state) {
        const WalkPlaces walk = places(e.walk, state);
        const unsigned zone = zone_of(e.walk, walk), region = region_of(e.walk);
        for (uint32_t mask = e.profiles & every_profile_; mask; mask &= mask - 1) {
            const auto p = static_cast<unsigned>(__builtin_ctz(mask));
            const unsigned first = e.walk.reads > 0 ? recency_[p].read(walk.pde_at.raw >> line_shift_[p]) : 0;
            const unsigned second = e.walk.reads > 1 ? recency_[p].read(walk.pte_at.raw >> line_shift_[p]) : 0;
            ProfileWalks& now = spans_.current().profiles[p];
            now.by_zone[zone].add_walk(e.walk.reads, first, second);
            ++now.causes[static_cast<size_t>(e.cause)];
            s_.zones[zone].walks[p].add_walk(e.walk.reads, first, second);
            s_.regions[region].walks[p].add_walk(e.walk.reads, first, second);
            ++s_.total.profiles[p].causes[static_cast<size_t>(e.cause)];
            ++(e.walk.access.is_execute() ? counted_[p].instruction : counted_[p].data).misses;
        }
    }
    void take(const trace::PageFault&, const trace::State&) {
        ++s_.observed.page_faults, ++s_.total.events.page_faults, ++spans_.current().events.page_faults;
    }
    void take(const trace::Flush&, const trace::State&) {}
    void take(const trace::Interrupt&, const trace::State&) {
        ++s_.total.events.interrupts, ++spans_.current().events.interrupts;
    }
    void take(const trace::InterruptReturn&, const trace::State&) {
        ++s_.total.events.interrupt_returns, ++spans_.current().events.interrupt_returns;
    }
    void take(const trace::SpanName& e, const trace::State&) { names_[e.span] = e.text; }
    void take(const trace::SpanEdge& e, const trace::State&) {
        instructions_ += static_cast<uint32_t>(e.instructions - static_cast<uint32_t>(instructions_));
        e.which == trace::EventId::span_begin ? spans_.begin(e) : spans_.end(e);
    }
    void take(const trace::Mark&, const trace::State&) {}
    void take(const trace::SecondHits&, const trace::State&) {}
    void take(const trace::FastCall&, const trace::State&) {}
    void take(const trace::References&, const trace::State&) {}
    void take(const trace::Counters& e, const trace::State&) {
        instructions_ = std::max(instructions_, e.instructions);
        if (e.profile < last_counters_.size()) last_counters_[e.profile] = e;
    }

    // The lookups of a recording that was cut off are known up to its last counters event; the walks after it were lookups, too.
    void finish() {
        spans_.finish();
        s_.total.events.instructions += instructions_;
        s_.outside.events.instructions += instructions_ - std::min(instructions_, spans_.instructions_in_spans());
        for (size_t p = 0; p < counted_.size(); ++p) {
            add(s_.models[p].instruction, counted_[p].instruction.misses, last_counters_[p].instruction);
            add(s_.models[p].data, counted_[p].data.misses, last_counters_[p].data);
        }
    }

    [[nodiscard]] uint64_t instructions() const { return instructions_; }

private:
    static void add(LookupStatistics& into, uint64_t misses, const mm::LookupCounts& counters) {
        into.misses += misses;
        into.lookups += misses + (counters.lookups - std::min(counters.lookups, counters.walks));
    }
    unsigned zone_of(const trace::WalkRecord& walk, const WalkPlaces& at) const { return walk.fault ? zones_.other() : zones_.of(at.frame); }
    unsigned region_of(const trace::WalkRecord& walk) const {
        return walk.fault ? regions_.other() : regions_.of(mm::address(walk.page), walk.access.user);
    }

    Statistics& s_;
    std::map<uint16_t, std::string>& names_;
    ZoneMap zones_;
    RegionMap regions_;
    SpanStack spans_;
    std::vector<LineRecency> recency_;           // one for each profile: its walks alone
    std::vector<trace::Counters> last_counters_;
    std::vector<ModelStatistics> counted_;
    std::vector<unsigned> line_shift_;
    uint32_t every_profile_ = 0;
    uint64_t instructions_ = 0;                  // executed so far, as far as the events tell
};

// Visits the instruction counts of all span instances again, to narrow the medians that need it.
class MedianPass final {
public:
    explicit MedianPass(std::map<uint16_t, ExactMedian*>& wanted) : wanted_{wanted} {}
    template <class Event> void take(const Event& e) {
        if constexpr (std::is_same_v<Event, trace::SpanEdge>) edge(e);
    }

private:
    void edge(const trace::SpanEdge& e) {
        if (e.which == trace::EventId::span_begin) return open_.push_back(e);
        if (open_.empty() || open_.back().span != e.span) return;
        if (const auto at = wanted_.find(e.span); at != wanted_.end()) at->second->add(e.instructions - open_.back().instructions);
        open_.pop_back();
    }
    std::map<uint16_t, ExactMedian*>& wanted_;
    std::vector<trace::SpanEdge> open_;
};

void make_medians_exact(Trace& trace, SpanTable& spans) {
    for (;;) {
        std::map<uint16_t, ExactMedian*> wanted;
        for (auto& [id, totals] : spans)
            if (!totals.median.exact()) totals.median.narrow(), wanted.emplace(id, &totals.median);
        if (wanted.empty()) return;
        for (Stream& stream : trace.streams()) {
            stream.rewind();
            MedianPass pass{wanted};
            stream.read_all([&](uint64_t, const auto& event, const trace::State&, uint64_t) { pass.take(event); });
        }
    }
}

// The one loop over all events: everything it calls is compiled into it.
[[gnu::flatten]] void read_stream(Stream& stream, Statistics& s, Collector& collector) {
    uint64_t events = 0, last = 0;
    stream.read_all([&](uint64_t time, const auto& event, const trace::State& state, uint64_t) {
        ++events;
        last = time;
        collector.take(event, state);
    });
    s.events += events;
    s.last_tick = std::max(s.last_tick, last);
}

// A stream that lost its last packets is whole packets to its end: only the count of instructions tells.
void require_end(const RunInfo& run, const Stream& stream, uint64_t instructions) {
    if (!run.complete) return;
    for (const FinalCounters& f : run.finals)
        if (f.cpu == stream.cpu() && f.instructions > instructions)
            throw TraceError{stream.name(), stream.bytes(), "the stream ends after " + std::to_string(instructions) + " of " +
                                                                std::to_string(f.instructions) + " instructions; it was cut short after the recording ended"};
}

}  // namespace

Statistics collect_statistics(Trace& trace, std::vector<Profile> costs) {
    Statistics s{trace.run(), std::move(costs), trace.directory()};
    const Activity empty{s.profiles.size(), s.zones.size()};
    SpanTable spans;
    std::map<uint16_t, std::string> names;
    for (const SpanInfo& span : s.run.spans) names[static_cast<uint16_t>(span.id)] = span.name;
    for (Stream& stream : trace.streams()) {
        Collector collector{s, spans, names, empty};
        stream.rewind();
        read_stream(stream, s, collector);
        collector.finish();
        require_end(s.run, stream, collector.instructions());
        s.bytes += stream.bytes();
    }
    for (size_t z = 0; z < s.zones.size(); ++z)
        for (size_t p = 0; p < s.profiles.size(); ++p) s.total.profiles[p].by_zone[z] = s.zones[z].walks[p];
    make_medians_exact(trace, spans);
    for (auto& [id, totals] : spans) {
        const auto name = names.find(id);
        s.spans.push_back({name == names.end() ? "span " + std::to_string(id) : name->second, totals.count, totals.least, totals.median.value(),
                           totals.most, totals.sum});
    }
    return s;
}

}  // namespace tools
