// SPDX-License-Identifier: LGPL-2.1-or-later
// Decodes packets and asks the filter.
#include "tools/view/event_search.hpp"

namespace tools::view {
namespace trace = mm::trace;

void EventSearch::set_filter(const DumpFilter& filter) {
    if (filter.events.empty() && filter.zone.empty() && filter.region.empty() && filter.task.empty() && filter.from == 0 && filter.to == UINT64_MAX)
        return events_.reset(), filter_.reset();
    auto copy = std::make_unique<const DumpFilter>(filter);
    auto events = std::make_unique<EventFilter>(recording_.run, *copy);
    events_ = std::move(events), filter_ = std::move(copy);
}

// Rows cost far more than events: none is made of an event that cannot pass.
bool EventSearch::may_pass(trace::EventId id) const {
    using Id = trace::EventId;
    const bool walk = id == Id::model_walk || id == Id::profile_walk || id == Id::observed_walk || id == Id::long_walk;
    return events_->wants(id) && (filter_->zone.empty() || walk);
}

void EventSearch::open(size_t packet) {
    stream_.go_to(index_[packet].place);
    const auto p = stream_.next_packet();
    if (!p) throw TraceError{stream_.name(), index_[packet].place.offset, "the packet is gone: the file was cut short while it was read"};
    stream_.begin(*p);
}

template <class Visit>
void EventSearch::each(size_t packet, Visit&& visit) {
    open(packet);
    Running running = index_[packet].running ? *index_[packet].running : Running{recording_.run.tasks};
    bool more = true;
    for (size_t n = 1; more; ++n) {
        const uint32_t id = stream_.next_id();
        const bool wanted = !filter_ || (id < trace::event_kinds && may_pass(static_cast<trace::EventId>(id)));
        if (!stream_.read_event([&](uint64_t time, const auto& e, const trace::State& state) {
                bool passes = wanted && (!filter_ || (time >= filter_->from && time <= filter_->to));
                if (filter_) running.before(e);
                if (passes && filter_) {
                    EventRow row = rows_.make(time, stream_.cpu(), e, state);
                    running.add_walker(row);
                    passes = events_->passes(row, running);
                }
                if (filter_) running.after(state);
                more = visit(n, time, passes);
            }))
            return;
    }
}

Position EventSearch::at_tick(size_t packet, uint64_t tick) {
    if (index_[packet].begin > tick) return {packet, 0};
    Position at{packet, 0};
    open(packet);
    while (stream_.read_event([&](uint64_t time, const auto&, const trace::State&) { at.events += time <= tick; })) {}
    return at;
}

std::optional<FoundEvent> EventSearch::next_in(const Position& from) {
    std::optional<FoundEvent> found;
    each(from.packet, [&](size_t n, uint64_t time, bool passes) {
        if (n > from.events && passes) found = {{from.packet, n}, time};
        return !found;
    });
    return found;
}

std::optional<FoundEvent> EventSearch::previous_in(const Position& from) {
    std::optional<FoundEvent> found;
    each(from.packet, [&](size_t n, uint64_t time, bool passes) {
        if (n >= from.events) return false;
        if (passes) found = {{from.packet, n}, time};
        return true;
    });
    return found;
}

std::optional<EventRow> EventSearch::row_before(const Position& at) {
    std::optional<EventRow> row;
    open(at.packet);
    for (size_t n = 1; n <= at.events; ++n)
        if (!stream_.read_event([&](uint64_t time, const auto& e, const trace::State& state) {
                if (n == at.events) row = rows_.make(time, stream_.cpu(), e, state);
            }))
            break;
    return row;
}

}  // namespace tools::view
