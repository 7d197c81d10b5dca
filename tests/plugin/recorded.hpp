// SPDX-License-Identifier: LGPL-2.1-or-later
// The events of a stream file, decoded, by kind.
#pragma once

#include <gtest/gtest.h>

#include <string.h>

#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "mm/trace_codec.hpp"
#include "temporary_directory.hpp"

namespace plugin {

// visit(event) for all of them in order.
template <class Visitor>
void visit_recorded(const std::string& path, Visitor&& visit) {
    using namespace mm::trace;
    const std::string bytes = contents_of(path);
    const auto decoder = std::make_unique<Decoder>();
    for (size_t at = 0; at + sizeof(PacketHeader) <= bytes.size();) {
        PacketHeader header;
        memcpy(&header, bytes.data() + at, sizeof header);
        const auto* packet = reinterpret_cast<const uint8_t*>(bytes.data() + at);
        at += header.packet_bits / 8;
        decoder->begin_packet(packet + packet_header_bytes, packet + header.packet_bits / 8, header.begin_ticks);
        DecodeStatus status;
        while ((status = decoder->next([&](uint64_t, const auto& event) { visit(event); })) == DecodeStatus::event) {}
        EXPECT_EQ(status, DecodeStatus::end);
    }
}

template <class Event>
std::vector<Event> recorded(const std::string& path) {
    std::vector<Event> events;
    visit_recorded(path, [&](const auto& event) {
        if constexpr (std::is_same_v<std::decay_t<decltype(event)>, Event>) events.push_back(event);
    });
    return events;
}

}  // namespace plugin
