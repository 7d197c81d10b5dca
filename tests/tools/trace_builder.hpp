// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes small traces for tests, with the encoder that the recorder uses.
#pragma once

#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "mm/trace_codec.hpp"
#include "mm/trace_tsdl.hpp"
#include "tools/temporary_directory.hpp"

namespace tests {

namespace trace = mm::trace;

using tools::TemporaryDirectory;

inline void write_file(const std::filesystem::path& file, const std::string& bytes) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary} << bytes;
}
inline std::string read_file(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

// The bytes of one stream. Every packet starts with the state that was set.
class StreamBuilder final {
public:
    explicit StreamBuilder(const trace::State& state, size_t packet_bytes = trace::max_packet_bytes) : state_{state}, packet_bytes_{packet_bytes} {}

    template <class Event>
    void add(uint64_t time, const Event& event) {
        if (!content_.empty() && trace::packet_header_bytes + content_.size() + trace::max_event_bytes + trace::max_span_name_bytes > packet_bytes_)
            end_packet();
        if (content_.empty()) {
            begin_ = time;
            encoder_.begin_packet(time);
            append(time, state_);
        }
        append(time, event);
        follow(event);
        ++events_;
    }
    void end_packet() {
        if (content_.empty()) return;
        trace::PacketHeader h;
        h.begin_ticks = begin_, h.end_ticks = end_;
        h.content_bits = h.packet_bits = 8 * (trace::packet_header_bytes + content_.size());
        h.sequence = sequence_++;
        bytes_.append(reinterpret_cast<const char*>(&h), sizeof h);
        bytes_ += content_;
        content_.clear();
    }
    [[nodiscard]] const std::string& bytes() {
        end_packet();
        return bytes_;
    }
    [[nodiscard]] uint64_t events() const { return events_; }  // state events included

private:
    template <class Event>
    void append(uint64_t time, const Event& event) {
        uint8_t buffer[trace::max_event_bytes + trace::max_span_name_bytes];
        const uint8_t* const end = encoder_.encode(buffer, time, event);
        content_.append(reinterpret_cast<const char*>(buffer), static_cast<size_t>(end - buffer));
        end_ = time;
        if constexpr (std::is_same_v<Event, trace::State>) ++events_;
    }
    template <class Event>
    void follow(const Event& e) {
        if constexpr (std::is_same_v<Event, trace::ControlWrite>) {
            if (e.which == trace::EventId::cr0_write) state_.control.cr0 = e.value;
            if (e.which == trace::EventId::cr3_write) state_.control.cr3 = e.value;
            if (e.which == trace::EventId::cr4_write) state_.control.cr4 = e.value;
        }
    }

    trace::State state_;
    size_t packet_bytes_;
    trace::Encoder encoder_;
    std::string bytes_, content_;
    uint64_t begin_ = 0, end_ = 0, events_ = 0;
    uint32_t sequence_ = 0;
};

inline constexpr uint64_t ips = 50000000;

inline std::string metadata() {
    std::string text;
    trace::put_metadata([&](const char* piece) { text += piece; }, ips);
    return text;
}

inline void write_trace(const std::filesystem::path& directory, const std::string& stream, const std::string& run_json) {
    write_file(directory / "metadata", metadata());
    write_file(directory / "cpu0", stream);
    write_file(directory / ".zonescope/run.json", run_json);
}

}  // namespace tests
