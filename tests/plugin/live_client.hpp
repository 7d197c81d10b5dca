// SPDX-License-Identifier: LGPL-2.1-or-later
// A viewer for tests, that waits for what it is sent no longer than some seconds.
#pragma once

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <optional>
#include <string>

namespace plugin {

class LiveClient {
public:
    explicit LiveClient(const std::string& path) : fd_{socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    LiveClient(const LiveClient&) = delete;
    LiveClient& operator=(const LiveClient&) = delete;
    ~LiveClient() { leave(); }

    bool connected() const { return connected_; }
    bool say(const std::string& text) { return send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size()); }
    // As much as can be said at once.
    bool try_to_say(const std::string& text) { return send(fd_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT) > 0; }
    // The next line, or nothing at the end or after too long.
    std::optional<std::string> line(int milliseconds = patience) {
        for (;;) {
            if (const size_t end = text_.find('\n'); end != std::string::npos) {
                const std::string found = text_.substr(0, end);
                text_.erase(0, end + 1);
                return found;
            }
            pollfd ready{fd_, POLLIN, 0};
            char bytes[4096];
            if (poll(&ready, 1, milliseconds) <= 0) return std::nullopt;
            const ssize_t count = recv(fd_, bytes, sizeof bytes, 0);
            if (count <= 0) return std::nullopt;
            text_.append(bytes, static_cast<size_t>(count));
        }
    }
    // The next line of this type.
    std::optional<std::string> line_of(const std::string& type, int milliseconds = patience) {
        while (auto found = line(milliseconds))
            if (found->rfind("{\"type\": \"" + type + "\"", 0) == 0) return found;
        return std::nullopt;
    }
    void stop_talking() { shutdown(fd_, SHUT_WR); }
    void leave() {
        if (fd_ >= 0) close(fd_);
        fd_ = -1;
    }

private:
    static constexpr int patience = 10000;  // milliseconds
    int fd_;
    bool connected_ = false;
    std::string text_;
};

}  // namespace plugin
