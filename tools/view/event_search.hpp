// SPDX-License-Identifier: LGPL-2.1-or-later
// Finds events in a stream: by tick, and the next or the previous one that a filter lets pass. Reads, and follows nothing.
#pragma once

#include <optional>
#include <string>

#include "tools/dump_filter.hpp"
#include "tools/view/packet_index.hpp"
#include "tools/view/recording.hpp"

namespace tools::view {

// An event, as the moment right after it.
struct FoundEvent {
    Position after;
    uint64_t tick = 0;
};

class EventSearch final {
public:
    // All outlive this. The stream is this search's alone.
    EventSearch(const Recording& recording, PacketIndex& index, Stream& stream) : recording_{recording}, index_{index}, stream_{stream}, rows_{recording.run} {}

    // Throws InputError if the recording does not have what the filter names.
    void set_filter(const DumpFilter& filter);
    // Whether index[packet].running must be known for each packet that is searched.
    [[nodiscard]] bool needs_running() const { return filter_ && !filter_->task.empty(); }

    // The moment after the last event of the packet at or before the tick.
    [[nodiscard]] Position at_tick(size_t packet, uint64_t tick);
    // The first event behind the moment, or the last one that is at least two events before it, that passes: in this packet alone.
    [[nodiscard]] std::optional<FoundEvent> next_in(const Position& from);
    [[nodiscard]] std::optional<FoundEvent> previous_in(const Position& from);
    // The row of the event that the moment lies right behind; the position has events.
    [[nodiscard]] std::optional<EventRow> row_before(const Position& at);

private:
    void open(size_t packet);
    [[nodiscard]] bool may_pass(mm::trace::EventId id) const;
    // Visits the packet's events: visit(number from 1, time, whether it passes), until it returns false.
    template <class Visit> void each(size_t packet, Visit&& visit);

    const Recording& recording_;
    PacketIndex& index_;
    Stream& stream_;
    RowMaker rows_;
    std::unique_ptr<const DumpFilter> filter_;  // null: every event passes
    std::unique_ptr<EventFilter> events_;       // refers to it
};

}  // namespace tools::view
