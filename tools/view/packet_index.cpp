// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the headers of packets.
#include "tools/view/packet_index.hpp"

#include <algorithm>

namespace tools::view {

void PacketIndex::extend(Stream& stream) {
    if (!damage_.empty() || stream.bytes() == 0) return;
    Stream::Place place{};
    if (!packets_.empty()) {
        stream.go_to(packets_.back().place);
        (void)stream.next_packet();
        place = stream.place();
    }
    try {
        for (stream.go_to(place);; place = stream.place()) {
            const auto packet = stream.next_packet();
            if (!packet) return;
            packets_.push_back({place, packet->header.begin_ticks, packet->header.end_ticks, nullptr});
        }
    } catch (const TraceError& e) {
        damage_ = e.what();
    }
}

size_t PacketIndex::packet_at(uint64_t tick) const {
    const auto after = std::upper_bound(packets_.begin(), packets_.end(), tick, [](uint64_t t, const Entry& e) { return t < e.begin; });
    return after == packets_.begin() ? 0 : static_cast<size_t>(after - packets_.begin()) - 1;
}

size_t PacketIndex::packet_at_offset(uint64_t offset) const {
    const auto after = std::upper_bound(packets_.begin(), packets_.end(), offset, [](uint64_t o, const Entry& e) { return o < e.place.offset; });
    return after == packets_.begin() ? 0 : static_cast<size_t>(after - packets_.begin()) - 1;
}

void PacketIndex::note_running(size_t packet, const Running& running) {
    std::shared_ptr<const Running>& here = packets_[packet].running;
    if (here) return;
    const auto& before = packet ? packets_[packet - 1].running : here;
    here = before && *before == running ? before : std::make_shared<const Running>(running);
}

}  // namespace tools::view
