// SPDX-License-Identifier: LGPL-2.1-or-later
// Puts events where they belong in time and memory.
#include "timeline.hpp"

#include <algorithm>

#include "profile_numbers.hpp"
#include "walk_places.hpp"

namespace tools {
namespace {

namespace trace = mm::trace;

bool paging(const mm::Control& control) { return control.mode() != mm::PagingMode::none; }

// Whether a write to CR0 or CR4 dropped translations: firmware writes both often while there are none.
bool flushes(const mm::Control& was, const mm::Control& is) {
    return paging(was) != paging(is) || (paging(is) && mm::cr4_write_flushes(was.cr4, is.cr4));
}

// Takes the events of one CPU's stream.
class TimelineReader final {
public:
    TimelineReader(Timeline& t, const Statistics& s, unsigned cpu) : t_{t}, cpu_{cpu}, numbers_{s.run, s.profiles}, regions_{s.run.regions} {}

    void at(uint64_t time) { t_.last = std::max(t_.last, time); }
    void take(uint64_t time, const trace::ModelWalk& e, const trace::State& state) {
        const uint32_t walked = e.profiles & numbers_.mask();
        if (!walked) return;
        const size_t row = e.walk.fault ? t_.memory.other() : t_.memory.of(places(e.walk, state).frame);
        const unsigned region = region_of(regions_, e.walk);
        for (uint32_t left = walked; left; left &= left - 1) {
            const unsigned p = numbers_.index(static_cast<unsigned>(__builtin_ctz(left)));
            t_.walks.add(t_.row_of(p, row), time);
            t_.pages.add(region, e.walk.page, p);
        }
    }
    void take(uint64_t, const trace::State& e, const trace::State&) { before_ = e.control; }
    void take(uint64_t time, const trace::ControlWrite& e, const trace::State& state) {
        if (e.which == trace::EventId::cr3_write) count(time, Happening::cr3_write);
        else if (flushes(before_, state.control)) count(time, Happening::other_flush);
        before_ = state.control;
    }
    void take(uint64_t time, const trace::TaskSwitch&, const trace::State& state) {
        if (paging(state.control)) count(time, Happening::other_flush);
    }
    void take(uint64_t time, const trace::InvalidatePage&, const trace::State&) { count(time, Happening::invlpg); }
    void take(uint64_t time, const trace::LongInvalidatePage&, const trace::State&) { count(time, Happening::invlpg); }
    void take(uint64_t time, const trace::InvalidatePcid&, const trace::State&) { count(time, Happening::other_flush); }
    void take(uint64_t time, const trace::LongInvalidatePcid&, const trace::State&) { count(time, Happening::other_flush); }
    void take(uint64_t time, const trace::PageFault&, const trace::State&) { count(time, Happening::page_fault); }
    void take(uint64_t time, const trace::LongPageFault&, const trace::State&) { count(time, Happening::page_fault); }
    void take(uint64_t, const trace::SpanName& e, const trace::State&) { t_.span_names[e.span] = e.text; }
    void take(uint64_t time, const trace::SpanEdge& e, const trace::State&) {
        e.which == trace::EventId::span_begin ? t_.spans.begin(cpu_, e.span, time) : t_.spans.end(cpu_, e.span, time);
    }
    void take(uint64_t, const trace::References&, const trace::State&) { t_.has_references = true; }
    template <class Event>
    void take(uint64_t, const Event&, const trace::State&) {}

private:
    void count(uint64_t time, Happening h) { t_.events.add(static_cast<size_t>(h), time); }

    Timeline& t_;
    const unsigned cpu_;
    const ProfileNumbers numbers_;
    const RegionMap regions_;
    mm::Control before_;  // the write that comes next
};

// The one loop over all events: everything it calls is compiled into it.
[[gnu::flatten]] void read_stream(Stream& stream, TimelineReader& reader) {
    stream.read_all([&](uint64_t time, const auto& event, const trace::State& state, uint64_t) {
        reader.at(time);
        reader.take(time, event, state);
    });
}

uint64_t first_tick(Trace& trace) {
    uint64_t first = UINT64_MAX;
    for (Stream& stream : trace.streams()) {
        stream.rewind();
        if (const auto packet = stream.next_packet()) first = std::min(first, packet->header.begin_ticks);
    }
    return first == UINT64_MAX ? 0 : first;
}

}  // namespace

Timeline::Timeline(const Statistics& s, uint64_t first_tick, size_t walk_columns)
    : first{first_tick}, last{first_tick}, memory{s.run.zones}, walks{first_tick, memory.count() * s.profiles.size(), walk_columns},
      pages{s.regions.size(), s.profiles.size()} {
    for (const SpanInfo& span : s.run.spans) span_names[static_cast<uint16_t>(span.id)] = span.name;
}

Timeline read_timeline(Trace& trace, const Statistics& s, size_t walk_columns) {
    Timeline t{s, first_tick(trace), walk_columns};
    for (Stream& stream : trace.streams()) {
        TimelineReader reader{t, s, stream.cpu()};
        stream.rewind();
        read_stream(stream, reader);
        t.spans.end_all(stream.cpu(), t.last);
    }
    // Both pictures go to the end, whatever happened last.
    if (t.walks.rows()) t.walks.add(0, t.last, 0);
    t.events.add(0, t.last, 0);
    return t;
}

}  // namespace tools
