// SPDX-License-Identifier: LGPL-2.1-or-later
// The event stream of one CPU: events become packets of at most mm::trace::max_packet_bytes, cut by size or by ticks and
// by nothing else, so that two recordings of the same guest are the same bytes.
#pragma once

#include <string.h>

#include <functional>

#include "mm/trace_codec.hpp"
#include "packet_sink.h"

namespace plugin {

class Stream {
public:
    // `state` is what every packet begins with; it and `sink` outlive the stream. `on_failure` is called once, when the
    // sink takes no more; events are dropped from then on.
    Stream(PacketSink& sink, unsigned cpu, const mm::trace::State& state, std::function<void()> on_failure)
        : sink_{sink}, state_{state}, on_failure_{std::move(on_failure)}, encoder_{new mm::trace::Encoder}, cpu_{cpu} {}

    // Records an event before its effect is in `state`. A time before the last one's is taken for the last one's.
    template <class Event>
    void record(uint64_t ticks, const Event& event) {
        make_room(ticks);
        end_ = encoder_->encode(end_, last_ticks_, event);
        ++events_;
    }

    // Hands the open packet over, if any. The next event begins a new one: also needed after a change of `state` that no event tells.
    void close_packet();

    uint64_t events() const { return events_; }

private:
    static constexpr unsigned room_for_event = mm::trace::max_event_bytes + mm::trace::max_span_name_bytes;

    void make_room(uint64_t ticks) {
        const uint64_t now = ticks > last_ticks_ ? ticks : last_ticks_;
        const bool full = end_ + room_for_event > packet_->content + sizeof packet_->content;
        if (open_ && (full || now - begin_ticks_ >= mm::trace::max_packet_ticks)) close_packet();
        last_ticks_ = now;
        if (!open_) open_packet();
    }
    void open_packet();

    PacketSink& sink_;
    const mm::trace::State& state_;
    std::function<void()> on_failure_;
    std::unique_ptr<mm::trace::Encoder> encoder_;  // some 48 KiB
    unsigned cpu_;
    uint32_t sequence_ = 0;
    bool open_ = false, failed_ = false;
    uint64_t begin_ticks_ = 0, last_ticks_ = 0, events_ = 0;
    std::unique_ptr<Packet> packet_{new Packet};
    uint8_t* end_ = packet_->content;
};

}  // namespace plugin
