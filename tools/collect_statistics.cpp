// SPDX-License-Identifier: LGPL-2.1-or-later
// One pass over a trace's events that fills Statistics; further passes only if a span's median needs them.
#include <algorithm>
#include <type_traits>

#include "address_map.hpp"
#include "instruction_count.hpp"
#include "printable.hpp"
#include "walk_collector.hpp"

namespace tools {
namespace {

namespace trace = mm::trace;

// What is kept for each profile while a stream is read.
struct Following {
    trace::Counters last{};
    uint64_t second_hits = 0;
};

// Takes the events of one CPU's stream.
class Collector final {
public:
    Collector(Statistics& s, SpanTable& spans, std::map<uint16_t, std::string>& names, const Activity& empty, TaskShares& tasks, FunctionShares& functions)
        : s_{s}, tasks_{tasks}, functions_{functions}, numbers_{s.run, s.profiles}, names_{names}, zones_{s.run.zones}, regions_{s.run.regions}, spans_{empty, s, spans},
          flushes_{s.profiles}, following_(s.profiles.size()), walks_{s, zones_, regions_, spans_, tasks, functions, flushes_} {}

    void see(const trace::ModelWalk& e, const trace::State&) { walks_.add(e, walker_); }
    void see(const trace::ObservedWalk& e, const trace::State&) { walks_.add(e, walker_); }
    void see(const trace::Instruction& e, const trace::State&) { walker_ = e.ip; }
    template <class Event> void see(const Event& e, const trace::State& state) {
        if constexpr (!is_only_counted<Event>) walks_.count();
        take(e, state);
        if constexpr (is_any_of<Event, trace::State, trace::ControlWrite, trace::TaskSwitch, trace::PdpteLoad>) walks_.follow(state);
    }

    // The lookups of a recording that was cut off are known up to its last counters event; the walks after it were lookups, too.
    void finish() {
        walks_.finish();
        spans_.finish();
        tasks_.end_stream(instructions_.value());
        s_.outside.events.instructions += instructions_.value() - std::min(instructions_.value(), spans_.instructions_in_spans());
        for (size_t p = 0; p < following_.size(); ++p) {
            add(s_.models[p].instruction, walks_.walks(p, true), following_[p].last.instruction);
            add(s_.models[p].data, walks_.walks(p, false), following_[p].last.data);
        }
        flushes_.finish(s_.flushes);
    }

    [[nodiscard]] uint64_t instructions() const { return instructions_.value(); }

private:
    template <class Event, class... Others> static constexpr bool is_any_of = (std::is_same_v<Event, Others> || ...);
    // Neither the span nor the task nor the TLBs change: a run of walks goes on.
    template <class Event>
    static constexpr bool is_only_counted = is_any_of<Event, trace::PageFault, trace::Interrupt, trace::InterruptReturn, trace::FastCall, trace::SecondHits, trace::Counters>;

    void take(const trace::State& e, const trace::State&) { flushes_.state(e), tasks_.address_space(e); }
    void take(const trace::ControlWrite& e, const trace::State& state) {
        flushes_.write(e, state);
        control_ip_ = e.ip;
        if (e.which == trace::EventId::cr3_write) ++s_.observed.cr3_writes, count(e.ip, false, &EventCounts::cr3_writes);
        tasks_.address_space(state);
    }
    void take(const trace::TaskSwitch& e, const trace::State& state) {
        flushes_.task_switch(e, state);
        control_ip_ = e.ip;
        tasks_.address_space(state);
    }
    void take(const trace::InvalidatePage& e, const trace::State& state) {
        flushes_.invalidate(e, state);
        ++s_.observed.invlpg, count(e.ip, false, &EventCounts::invlpg);
    }
    void take(const trace::InvalidatePcid& e, const trace::State& state) { flushes_.invalidate(e, state); }
    void take(const trace::PdpteLoad&, const trace::State&) { s_.observed.pdpte_loads += 4, count(control_ip_, false, &EventCounts::pdpte_loads); }
    void take(const trace::LongWalkRecord& e, const trace::State& state) {
        s_.observed.walk_reads += e.reads;
        s_.observed.walk_writes += static_cast<unsigned>(__builtin_popcount(e.written));
        const mm::Translation found = trace::view(e, state).translation;
        s_.long_mode.add(e, found, mm::long_levels(state.control));
        if (e.fault) return;
        using mm::AccessKind;
        ++(e.access.kind == AccessKind::read ? s_.observed.fills_read
           : e.access.kind == AccessKind::write ? s_.observed.fills_write : s_.observed.fills_execute);
        ++s_.zones[zones_.of(found.frame)].observed_fills;
        ++s_.regions[regions_.of_long(e.page << mm::page_shift)].observed_fills;
        ++tasks_.now().observed_fills, ++functions_.other().observed_fills;
    }
    void take(const trace::LongPageFault&, const trace::State&) { ++s_.observed.page_faults, count_elsewhere(&EventCounts::page_faults); }
    void take(const trace::LongInvalidatePage&, const trace::State&) { ++s_.observed.invlpg, count_elsewhere(&EventCounts::invlpg); }
    void take(const trace::LongRoot&, const trace::State& state) { tasks_.address_space(state); }
    void take(const trace::LongInvalidatePcid&, const trace::State&) {}
    void take(const trace::PageFault& e, const trace::State&) { ++s_.observed.page_faults, count(e.ip, e.code.user, &EventCounts::page_faults); }
    void take(const trace::Flush& e, const trace::State&) {
        if (numbers_.wanted(e.profile)) flushes_.flush(e, numbers_.index(e.profile));
    }
    void take(const trace::Interrupt& e, const trace::State&) {
        count(e.ip, e.user, e.kind == trace::InterruptKind::exception ? &EventCounts::exceptions : &EventCounts::interrupts);
    }
    void take(const trace::InterruptReturn&, const trace::State&) { ++now().interrupt_returns, ++tasks_.now().events.interrupt_returns, ++functions_.other().events.interrupt_returns; }
    void take(const trace::FastCall& e, const trace::State&) {
        const bool enters = e.kind == trace::FastCallKind::sysenter || e.kind == trace::FastCallKind::syscall;
        count(e.ip, enters, enters ? &EventCounts::fast_calls : &EventCounts::fast_returns);
    }
    void take(const trace::SpanName& e, const trace::State&) { names_[e.span] = printable(e.text); }
    void take(const trace::SpanEdge& e, const trace::State&) {
        instructions_.advance(e.instructions);
        e.which == trace::EventId::span_begin ? spans_.begin(e) : spans_.end(e);
    }
    void take(const trace::Mark&, const trace::State&) {}
    void take(const trace::References&, const trace::State&) {}
    void take(const trace::Stale&, const trace::State&) {}
    void take(const trace::StaleUses&, const trace::State&) {}
    void take(const trace::EntryWrite&, const trace::State&) {}
    void take(const trace::Task& e, const trace::State&) {
        instructions_.advance(e.instructions);
        tasks_.task(e, instructions_.value());
    }
    void take(const trace::SecondHits& e, const trace::State&) {
        if (!numbers_.wanted(e.profile)) return;
        const unsigned p = numbers_.index(e.profile);
        spans_.current().touch(p).walks.second_hits += e.hits;
        following_[p].second_hits += e.hits;
        tasks_.now().walks[p].second_hits += e.hits, functions_.other().walks[p].second_hits += e.hits;
    }
    void take(const trace::Counters& e, const trace::State&) {
        instructions_.advance(e);
        if (numbers_.wanted(e.profile)) following_[numbers_.index(e.profile)].last = e;
    }

    EventCounts& now() { return spans_.current().events; }
    // An event: for everybody whom it belongs to.
    void count(uint32_t ip, bool user, uint64_t EventCounts::* which) {
        ++(now().*which), ++(tasks_.now().events.*which), ++(functions_.of(ip, user).events.*which);
    }
    // Of long mode, whose functions are not known.
    void count_elsewhere(uint64_t EventCounts::* which) {
        ++(now().*which), ++(tasks_.now().events.*which), ++(functions_.other().events.*which);
    }

    static void add(LookupStatistics& into, uint64_t walks, const mm::LookupCounts& counters) {
        const uint64_t second_hits = counters.misses - std::min(counters.misses, counters.walks);
        into.walks += walks;
        into.misses += walks + second_hits;
        into.lookups += walks + std::max(second_hits, counters.lookups - std::min(counters.lookups, counters.walks));
    }
    Statistics& s_;
    TaskShares& tasks_;
    FunctionShares& functions_;
    uint32_t walker_ = 0, control_ip_ = 0;       // who made the walks; who wrote a control register last
    ProfileNumbers numbers_;
    std::map<uint16_t, std::string>& names_;
    ZoneMap zones_;
    RegionMap regions_;
    SpanStack spans_;
    FlushFollower flushes_;
    std::vector<Following> following_;
    InstructionCount instructions_;
    WalkCollector walks_;
};

// The one loop over all events: everything it calls is compiled into it.
[[gnu::flatten]] void read_stream(Stream& stream, Statistics& s, Collector& collector, StaleCollector& stale) {
    const uint64_t before = stream.events();
    stream.read_all([&](uint64_t time, const auto& event, const trace::State& state, uint64_t) {
        collector.see(event, state);
        stale.take(time, event, state);
    });
    s.events += stream.events() - before;
    s.last_tick = std::max(s.last_tick, stream.end_ticks());
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

Statistics collect_statistics(Trace& trace, std::vector<Profile> costs, const Symbols& symbols, InstructionShares* instructions) {
    Statistics s{trace.run(), std::move(costs), trace.directory()};
    const Activity empty{s.profiles.size(), s.zones.size()};
    SpanTable spans;
    std::map<uint16_t, std::string> names;
    for (const SpanInfo& span : s.run.spans) names[static_cast<uint16_t>(span.id)] = span.name;
    StaleCollector stale;
    TaskShares tasks{s.run.tasks, s.profiles.size()};
    FunctionShares functions{symbols, s.run, s.profiles.size(), instructions};
    for (Stream& stream : trace.streams()) {
        stale.begin(stream.cpu());
        tasks.begin_stream();
        Collector collector{s, spans, names, empty, tasks, functions};
        stream.rewind();
        read_stream(stream, s, collector, stale);
        collector.finish();
        require_end(s.run, stream, collector.instructions());
        s.bytes += stream.bytes();
    }
    s.long_mode.instructions = s.run.long_mode_instructions;
    s.stale = stale.finish();
    s.tasks = tasks.take();
    s.functions = functions.take();
    s.total.add(s.in_outermost_spans);
    s.total.add(s.outside);
    make_medians_exact(trace, spans);
    for (auto& [id, totals] : spans) {
        const auto name = names.find(id);
        s.spans.push_back({name == names.end() ? "span " + std::to_string(id) : name->second, totals.count, totals.least, totals.median.value(),
                           totals.most, totals.sum});
    }
    return s;
}

}  // namespace tools
