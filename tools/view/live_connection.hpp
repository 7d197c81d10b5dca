// SPDX-License-Identifier: LGPL-2.1-or-later
// A connection to a recording that serves viewers: lines come and go, and nobody waits longer than is said.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

namespace tools::view {

class LiveConnection final {
public:
    static constexpr size_t longest_line = size_t{16} << 20;  // bytes; a snapshot has some ten thousand

    // Throws InputError if nobody listens there.
    explicit LiveConnection(const std::filesystem::path& socket);
    LiveConnection(const LiveConnection&) = delete;
    LiveConnection& operator=(const LiveConnection&) = delete;
    ~LiveConnection();

    // The next line without its end, or nothing if it has not come yet, within this time. Throws InputError if it is too long.
    [[nodiscard]] std::optional<std::string> line(std::chrono::milliseconds wait = std::chrono::milliseconds{0});
    // Whether the other side has gone and all that it said has been read.
    [[nodiscard]] bool ended() const { return ended_ && text_.find('\n', from_) == std::string::npos; }
    // Sends a request, unless the other side takes none now.
    void say(const std::string& request);

private:
    bool receive();

    std::filesystem::path socket_;
    int descriptor_ = -1;
    bool ended_ = false;
    std::string text_;
    size_t from_ = 0;  // of text_: what was given out
};

}  // namespace tools::view
