// SPDX-License-Identifier: LGPL-2.1-or-later
// A file that packets are appended to, each with one write(), so that a killed recording ends after a whole packet.
#pragma once

#include <string>

#include "packet_sink.h"

namespace plugin {

class TraceFile final : public PacketSink {
public:
    TraceFile() = default;
    TraceFile(const TraceFile&) = delete;
    TraceFile& operator=(const TraceFile&) = delete;
    ~TraceFile() override;

    // Creates or empties the file. False: error() says why.
    [[nodiscard]] bool open(const std::string& path);

    // Appends all of it. After a failure the rest of what was written so far of it is cut off again, and nothing more is written.
    [[nodiscard]] bool append(const void* bytes, size_t count);

    [[nodiscard]] bool take(std::unique_ptr<Packet>& packet) override { return append(packet->content, packet->bytes); }

    // Whether all data was taken by the system; closes the file.
    [[nodiscard]] bool close();

    bool failed() const { return !error_.empty(); }
    // "DIR/cpu0: No space left on device", or empty.
    const std::string& error() const { return error_; }
    uint64_t size() const { return size_; }

private:
    bool fail(const char* what);

    std::string path_, error_;
    int fd_ = -1;
    uint64_t size_ = 0;  // bytes of whole packets
};

// Writes a whole small file beside and renames it over `path`. Returns an error message, or an empty string.
[[nodiscard]] std::string replace_file(const std::string& path, const std::string& text);

// Its bytes; none if it cannot be read.
[[nodiscard]] std::string read_file(const std::string& path);

// Creates the directory and its parents. Returns an error message, or an empty string.
[[nodiscard]] std::string make_directories(const std::string& path);

}  // namespace plugin
