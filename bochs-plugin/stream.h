// SPDX-License-Identifier: LGPL-2.1-or-later
// The event stream of one CPU: events become packets of at most mm::trace::max_packet_bytes, cut by size or by ticks and
// by nothing else, so that two recordings of the same guest are the same bytes.
#pragma once

#include <string.h>

#include <functional>
#include <memory>

#include "mm/trace_codec.hpp"
#include "trace_file.h"

namespace plugin {

class Stream {
public:
    // `state` is what every packet begins with; it and `file` outlive the stream. `on_failure` is called once, when the
    // file takes no more; events are dropped from then on.
    Stream(TraceFile& file, unsigned cpu, const mm::trace::State& state, std::function<void()> on_failure)
        : file_{file}, state_{state}, on_failure_{std::move(on_failure)}, encoder_{new mm::trace::Encoder}, cpu_{cpu} {}

    // Records an event before its effect is in `state`. A time before the last one's is taken for the last one's.
    template <class Event>
    void record(uint64_t ticks, const Event& event) {
        make_room(ticks);
        end_ = encoder_->encode(end_, last_ticks_, event);
        ++events_;
    }

    // Writes the open packet, if any. The next event begins a new one: also needed after a change of `state` that no event tells.
    void close_packet();

    uint64_t events() const { return events_; }

private:
    static constexpr unsigned room_for_event = mm::trace::max_event_bytes + mm::trace::max_span_name_bytes;

    void make_room(uint64_t ticks) {
        const uint64_t now = ticks > last_ticks_ ? ticks : last_ticks_;
        const bool full = static_cast<unsigned>(end_ - buffer_) + room_for_event > sizeof buffer_;
        if (open_ && (full || now - begin_ticks_ >= mm::trace::max_packet_ticks)) close_packet();
        last_ticks_ = now;
        if (!open_) open_packet();
    }
    void open_packet();

    TraceFile& file_;
    const mm::trace::State& state_;
    std::function<void()> on_failure_;
    std::unique_ptr<mm::trace::Encoder> encoder_;  // some 48 KiB
    unsigned cpu_;
    uint32_t sequence_ = 0;
    bool open_ = false;
    uint64_t begin_ticks_ = 0, last_ticks_ = 0, events_ = 0;
    uint8_t* end_ = buffer_;
    uint8_t buffer_[mm::trace::max_packet_bytes];
};

}  // namespace plugin
