// SPDX-License-Identifier: LGPL-2.1-or-later
// Opens trace directories and checks packet headers.
#include "trace_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fstream>
#include <sstream>

namespace tools {
namespace {

using mm::trace::PacketHeader;
using mm::trace::packet_header_bytes;

constexpr char magic_text[] = "/* CTF 1.8 */";
constexpr char version_key[] = "trace_version = ";

// The trace's version stands in the metadata's env block; other versions have other fields.
void check_metadata(const std::filesystem::path& directory) {
    const auto file = directory / "metadata";
    std::ifstream in{file, std::ios::binary};
    if (!in) {
        const bool exists = std::filesystem::exists(directory);
        throw InputError{directory.string(), exists ? "is no trace directory: it has no file 'metadata'; `zonescope record -o DIR` makes one"
                                                    : "no such directory; `zonescope record -o DIR` makes one"};
    }
    std::ostringstream text;
    text << in.rdbuf();
    const std::string metadata = text.str();
    if (metadata.compare(0, sizeof magic_text - 1, magic_text) != 0) throw TraceError{file.string(), 0, "is not CTF 1.8 metadata; record again"};
    const size_t at = metadata.find(version_key);
    if (at == std::string::npos) throw TraceError{file.string(), metadata.size(), "no trace_version; not recorded by zonescope, or cut short"};
    uint32_t version = 0;
    const char* const digits = metadata.data() + at + sizeof version_key - 1;
    std::from_chars(digits, metadata.data() + metadata.size(), version);
    if (version != mm::trace::version)
        throw TraceError{file.string(), at, "trace version " + std::to_string(version) + ", but this zonescope reads version " +
                                                std::to_string(mm::trace::version) + "; use the zonescope that recorded it"};
}

// "cpu12" -> 12.
std::optional<unsigned> cpu_of(const std::string& name) {
    unsigned cpu = 0;
    if (name.rfind("cpu", 0) != 0 || name.size() == 3) return {};
    const auto [rest, error] = std::from_chars(name.data() + 3, name.data() + name.size(), cpu);
    if (error != std::errc{} || rest != name.data() + name.size()) return {};
    return cpu;
}

}  // namespace

Stream::Stream(const std::filesystem::path& file, unsigned cpu, bool cut_off)
    : name_{file.string()}, cpu_{cpu}, cut_off_{cut_off}, file_{file} {}

bool Stream::grow() {
    MappedFile now{name_};
    if (now.size() <= file_.size()) return false;
    file_ = std::move(now);
    cut_off_at_.reset();
    return true;
}

std::optional<Packet> Stream::next_packet() {
    file_.release_below(position_);
    const uint64_t left = file_.size() - position_;
    const auto broken = [&](const std::string& what) { return TraceError{name_, position_, what}; };
    if (file_.size() == 0)
        throw broken(cut_off_ ? "the stream is empty: the recording ended before its first packet was written"
                              : "the stream is empty, but the recording is said to be complete");
    if (left == 0) return {};
    const auto cut = [&]() -> std::optional<Packet> {
        cut_off_at_ = position_;
        return {};
    };
    if (left < packet_header_bytes) {
        if (cut_off_) return cut();
        throw broken("the file ends inside a packet header; it was cut short after the recording ended");
    }
    Packet packet;
    packet.offset = position_;
    std::memcpy(&packet.header, file_.data() + position_, packet_header_bytes);
    const PacketHeader& h = packet.header;
    if (h.magic != mm::trace::packet_magic) throw broken("no packet starts here (the CTF magic number is missing)");
    if (h.stream_id != 0) throw broken("stream id " + std::to_string(h.stream_id) + "; only 0 is known");
    if (h.cpu != cpu_) throw broken("packet of CPU " + std::to_string(h.cpu) + " in the stream of CPU " + std::to_string(cpu_));
    if (h.content_bits != h.packet_bits || h.packet_bits % 8 != 0 || h.packet_bits / 8 < packet_header_bytes ||
        h.packet_bits / 8 > mm::trace::max_packet_bytes)
        throw broken("packet size of " + std::to_string(h.packet_bits) + " bits, content " + std::to_string(h.content_bits) +
                     " bits: must be equal, whole bytes and at most " + std::to_string(mm::trace::max_packet_bytes) + " bytes");
    if (h.begin_ticks > h.end_ticks) throw broken("packet begins at tick " + std::to_string(h.begin_ticks) + ", after its end at " + std::to_string(h.end_ticks));
    if (h.begin_ticks < previous_end_) throw broken("packet begins at tick " + std::to_string(h.begin_ticks) + ", before the end of the packet before it");
    if (h.sequence != sequence_) throw broken("packet number " + std::to_string(h.sequence) + " where " + std::to_string(sequence_) + " was expected: packets are missing");
    const uint64_t bytes = h.packet_bits / 8;
    if (bytes > left) {
        if (cut_off_) return cut();
        throw broken("the file ends inside this packet of " + std::to_string(bytes) + " bytes; it was cut short after the recording ended");
    }
    packet.content = file_.data() + position_ + packet_header_bytes;
    packet.end = file_.data() + position_ + bytes;
    position_ += bytes;
    previous_end_ = h.end_ticks;
    ++sequence_;
    if (progress_) progress_->read(bytes);
    return packet;
}

uint32_t Stream::next_id() const {
    const uint8_t* const at = decoder_.at();
    if (packet_end_ - at < 5) return mm::trace::event_kinds;
    const uint32_t id = at[0] & mm::trace::extended_id;
    return id == mm::trace::extended_id ? at[1] : id;
}

void Stream::fail(const uint8_t* at, mm::trace::DecodeStatus status) const {
    throw TraceError{name_, static_cast<uint64_t>(at - file_.data()), mm::trace::name(status)};
}

void Stream::check_end(const Packet& packet, uint64_t last_time) const {
    if (packet.content == packet.end) throw TraceError{name_, packet.offset, "packet without events"};
    if (last_time != packet.header.end_ticks)
        throw TraceError{name_, packet.offset, "packet says that it ends at tick " + std::to_string(packet.header.end_ticks) +
                                                   ", but its last event is at tick " + std::to_string(last_time)};
}

Trace::Trace(const std::filesystem::path& directory) : directory_{directory} {
    check_metadata(directory);
    run_ = read_run_info(directory);
    std::vector<std::pair<unsigned, std::filesystem::path>> files;
    for (const auto& entry : std::filesystem::directory_iterator{directory})
        if (const auto cpu = cpu_of(entry.path().filename().string())) files.emplace_back(*cpu, entry.path());
    std::sort(files.begin(), files.end());
    if (files.empty()) throw InputError{directory.string(), "the trace has no stream (a file 'cpu0'); record again"};
    for (const auto& [cpu, file] : files) streams_.emplace_back(file, cpu, !run_.complete);
}

void Trace::show_progress() {
    uint64_t bytes = 0;
    for (const Stream& s : streams_) bytes += s.bytes();
    progress_ = std::make_unique<ReadingProgress>("reading " + directory_.string(), bytes);
    for (Stream& s : streams_) s.tell(progress_.get());
}

std::string Trace::incomplete_note() const {
    if (run_.complete) return {};
    const std::string why = run_.reason == EndReason::running ? "Bochs was killed, or records still" : name(run_.reason);
    return directory_.string() + ": the recording was cut off (" + why + (run_.detail.empty() ? "" : ": " + run_.detail) +
           "); it is read up to its last packet";
}

}  // namespace tools
