// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the packets of a stream are, so that any of them can be read next.
#pragma once

#include <memory>
#include <vector>

#include "tools/dump_filter.hpp"
#include "tools/trace_reader.hpp"

namespace tools::view {

// A moment: after the first `events` events of a packet. 0 events: before the packet.
struct Position {
    size_t packet = 0, events = 0;
    friend bool operator==(const Position&, const Position&) = default;
    friend auto operator<=>(const Position&, const Position&) = default;
};

class PacketIndex final {
public:
    struct Entry {
        Stream::Place place;
        uint64_t begin = 0, end = 0;              // ticks of the first and the last event
        std::shared_ptr<const Running> running;   // who runs when it begins; null: not known yet
    };

    // Adds the packets that lie behind the last one. A header that makes no sense is the end: damage() says so.
    void extend(Stream& stream);
    // The packet cannot be read, and neither can what lies behind it.
    void cut(size_t packet, const std::string& damage) { packets_.resize(packet), damage_ = damage; }

    [[nodiscard]] size_t size() const { return packets_.size(); }
    [[nodiscard]] bool empty() const { return packets_.empty(); }
    [[nodiscard]] const Entry& operator[](size_t packet) const { return packets_[packet]; }
    [[nodiscard]] uint64_t first_tick() const { return empty() ? 0 : packets_.front().begin; }
    [[nodiscard]] uint64_t last_tick() const { return empty() ? 0 : packets_.back().end; }
    [[nodiscard]] const std::string& damage() const { return damage_; }  // empty: none

    // The last packet that begins at or before the tick; the first one if none does. There are packets.
    [[nodiscard]] size_t packet_at(uint64_t tick) const;
    // The packet that holds the byte of the file; the first one if none does.
    [[nodiscard]] size_t packet_at_offset(uint64_t offset) const;
    void note_running(size_t packet, const Running& running);

private:
    std::vector<Entry> packets_;
    std::string damage_;
};

}  // namespace tools::view
