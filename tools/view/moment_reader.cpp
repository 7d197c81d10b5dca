// SPDX-License-Identifier: LGPL-2.1-or-later
// Gives events to those who follow them.
#include "tools/view/moment_reader.hpp"

namespace tools::view {
namespace {

// The loop over a packet's events: everything it calls is compiled into it. Returns how many there were.
[[gnu::flatten]] size_t read_events(Stream& stream, size_t count, Follower& follower, TlbFollower& tlbs) {
    size_t read = 0;
    while (read < count && stream.read_event([&](uint64_t time, const auto& event, const mm::trace::State& state) {
               follower.take(time, event, state);
               tlbs.take(time, event, state);
           }))
        ++read;
    return read;
}

}  // namespace

MomentReader::MomentReader(Recording& recording, PacketIndex& index, Stream& stream)
    : recording_{recording}, index_{index}, stream_{stream}, follower_{recording}, tlbs_{recording} {}

void MomentReader::open_packet() {
    stream_.go_to(index_[at_.packet].place);
    const auto packet = stream_.next_packet();
    if (!packet) throw TraceError{stream_.name(), index_[at_.packet].place.offset, "the packet is gone: the file was cut short while it was read"};
    stream_.begin(*packet);
    for (size_t n = 0; n < at_.events; ++n) (void)stream_.read_event([](uint64_t, const auto&, const mm::trace::State&) {});
    if (at_.events == 0) index_.note_running(at_.packet, follower_.running());
    in_packet_ = true;
}

void MomentReader::read_to(const Position& target) {
    while (at_ < target) {
        if (!in_packet_) open_packet();
        const size_t wanted = at_.packet == target.packet ? target.events - at_.events : SIZE_MAX;
        const size_t read = read_events(stream_, wanted, follower_, tlbs_);
        at_.events += read;
        if (read == wanted) return;
        // A packet that has fewer events than were asked for: its end is the moment.
        if (at_.packet == target.packet) return;
        at_ = {at_.packet + 1, 0}, in_packet_ = false;
    }
}

void MomentReader::restore(const Checkpoint& c) {
    at_ = c.at, in_packet_ = false;
    follower_ = c.follower;
    tlbs_.restore(c.tlbs.get());
}

void MomentReader::restart() {
    at_ = {}, in_packet_ = false;
    follower_ = Follower{recording_};
    tlbs_.restore(nullptr);
}

}  // namespace tools::view
