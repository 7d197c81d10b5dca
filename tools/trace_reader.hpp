// SPDX-License-Identifier: LGPL-2.1-or-later
// The one reader of trace directories: finds the streams, checks each packet's header, hands out events with the
// registers that were in force.
//
//   DIR/metadata, DIR/cpu0, DIR/cpu1, ...    Trace --streams()--> Stream --next_packet()--> Packet --events--> visitor
//   DIR/.zonescope/run.json                  Trace::run()
//
// Damage throws TraceError with the file and the byte offset. A stream of a recording that was cut off may end inside a
// packet: that tail is ignored, and Stream::cut_off_at() says where it begins.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "error.hpp"
#include "mapped_file.hpp"
#include "mm/trace_codec.hpp"
#include "reading_progress.hpp"
#include "run_info.hpp"

namespace tools {

// Damaged bytes in a trace: `FILE: offset N: what is wrong`. Wrong input for every verb but `check`.
class TraceError final : public Error {
public:
    TraceError(const std::string& file, uint64_t offset, const std::string& what)
        : Error{Status::wrong_input, file, "offset " + std::to_string(offset) + ": " + what}, offset_{offset} {}
    [[nodiscard]] uint64_t offset() const { return offset_; }

private:
    uint64_t offset_;
};

// A packet whose header has been checked against the file's size and its own fields.
struct Packet {
    uint64_t offset{};                    // of the header in the file, bytes
    mm::trace::PacketHeader header;
    const uint8_t* content{};             // the events
    const uint8_t* end{};                 // exclusive
};

class Stream final {
public:
    // `cut_off`: the recording is incomplete, so that the last packet may be too.
    Stream(const std::filesystem::path& file, unsigned cpu, bool cut_off);

    [[nodiscard]] unsigned cpu() const { return cpu_; }
    [[nodiscard]] const std::string& name() const { return name_; }   // the file, for messages
    [[nodiscard]] uint64_t bytes() const { return file_.size(); }
    [[nodiscard]] std::optional<uint64_t> cut_off_at() const { return cut_off_at_; }

    // Where the next packet is looked for, and what its header is checked against.
    struct Place {
        uint64_t offset = 0, previous_end = 0;  // bytes; ticks
        uint32_t sequence = 0;
    };
    [[nodiscard]] Place place() const { return {position_, previous_end_, sequence_}; }
    void go_to(const Place& p) { position_ = p.offset, previous_end_ = p.previous_end, sequence_ = p.sequence; }
    // Maps what the recorder has written since. Packets that were handed out before are gone if it returns true.
    bool grow();

    // The next packet in file order, or nothing at the end. Throws TraceError if the header makes no sense.
    [[nodiscard]] std::optional<Packet> next_packet();
    void rewind() { go_to({}); }
    [[nodiscard]] uint64_t end_ticks() const { return previous_end_; }   // of the packet read last
    [[nodiscard]] uint64_t events() const { return events_; }         // that were read, by read_packet() and read_all()
    void tell(ReadingProgress* progress) { progress_ = progress; }    // of each packet; null: nobody

    // Visits every event of a packet: visit(time in ticks, event, const State& after the event, offset in the file).
    // Throws TraceError at an event that does not decode, or lies outside the packet's times.
    template <class Visitor>
    void read_packet(const Packet& packet, Visitor&& visit) {
        decoder_.begin_packet(packet.content, packet.end, packet.header.begin_ticks);
        const auto status = decoder_.rest(events_, [&](uint64_t time, const auto& event, const uint8_t* at) {
            visit(time, event, decoder_.state(), static_cast<uint64_t>(at - file_.data()));
        });
        if (status != mm::trace::DecodeStatus::end) fail(decoder_.at(), status);
        check_end(packet, decoder_.time());
    }

    // Visits every event from where the stream stands to its end.
    template <class Visitor>
    void read_all(Visitor&& visit) {
        while (const auto packet = next_packet()) read_packet(*packet, visit);
    }

    // Which event read_event() would visit; mm::trace::event_kinds or more: none, or a broken one.
    [[nodiscard]] uint32_t next_id() const;
    // Visits one event of the packet last given to begin(); false at its end. For readers of several streams at once.
    void begin(const Packet& packet) {
        decoder_.begin_packet(packet.content, packet.end, packet.header.begin_ticks);
        packet_end_ = packet.end;
    }
    template <class Visitor>
    [[nodiscard]] bool read_event(Visitor&& visit) {
        const uint8_t* const at = decoder_.at();
        const auto status = decoder_.next([&](uint64_t time, const auto& event) { visit(time, event, decoder_.state()); });
        if (status != mm::trace::DecodeStatus::event && status != mm::trace::DecodeStatus::end) fail(at, status);
        return status == mm::trace::DecodeStatus::event;
    }

private:
    [[noreturn]] void fail(const uint8_t* at, mm::trace::DecodeStatus status) const;
    void check_end(const Packet& packet, uint64_t last_time) const;

    std::string name_;
    unsigned cpu_;
    bool cut_off_;
    MappedFile file_;
    mm::trace::Decoder decoder_;
    const uint8_t* packet_end_ = nullptr;  // of the packet given to begin()
    uint64_t position_ = 0, events_ = 0;
    uint64_t previous_end_ = 0;      // ticks
    uint32_t sequence_ = 0;
    std::optional<uint64_t> cut_off_at_;
    ReadingProgress* progress_ = nullptr;
};

class Trace final {
public:
    // Throws InputError if the directory holds no trace of a version that this reader knows.
    explicit Trace(const std::filesystem::path& directory);

    [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }
    [[nodiscard]] const RunInfo& run() const { return run_; }
    [[nodiscard]] std::vector<Stream>& streams() { return streams_; }  // by CPU number

    // From now on a bar on standard error, if reading takes long.
    void show_progress();

    // One line for stderr if the recording was cut off, else empty.
    [[nodiscard]] std::string incomplete_note() const;

private:
    std::filesystem::path directory_;
    RunInfo run_;
    std::vector<Stream> streams_;
    std::unique_ptr<ReadingProgress> progress_;
};

}  // namespace tools
