// SPDX-License-Identifier: LGPL-2.1-or-later
// The client's end of a Unix-domain socket.
#include "tools/view/live_connection.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "tools/error.hpp"

namespace tools::view {

LiveConnection::LiveConnection(const std::filesystem::path& socket) : socket_{socket} {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = socket.string();
    if (path.empty() || path.size() >= sizeof address.sun_path)
        throw InputError{path, "a socket's path has at most " + std::to_string(sizeof address.sun_path - 1) + " bytes"};
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    descriptor_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor_ >= 0 && connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return;
    const int reason = errno;
    if (descriptor_ >= 0) close(descriptor_);
    const bool nobody = reason == ENOENT || reason == ECONNREFUSED;
    throw InputError{path, nobody ? "no recording serves viewers there: it has ended, or was made without --live" : std::strerror(reason)};
}

LiveConnection::~LiveConnection() { close(descriptor_); }

// Whether there may be more at once.
bool LiveConnection::receive() {
    char bytes[65536];
    const ssize_t count = recv(descriptor_, bytes, sizeof bytes, MSG_DONTWAIT);
    if (count > 0) return text_.append(bytes, static_cast<size_t>(count)), true;
    ended_ = count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
    return false;
}

std::optional<std::string> LiveConnection::line(std::chrono::milliseconds wait) {
    const auto latest = std::chrono::steady_clock::now() + wait;
    for (size_t searched = from_;;) {
        const size_t end = text_.find('\n', searched);
        if (end != std::string::npos) {
            std::string found = text_.substr(from_, end - from_);
            from_ = end + 1;
            return found;
        }
        text_.erase(0, from_), from_ = 0, searched = text_.size();
        if (text_.size() > longest_line) throw InputError{socket_.string(), "sends a line without end: this is no recording"};
        if (ended_) return std::nullopt;
        if (receive()) continue;
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(latest - std::chrono::steady_clock::now());
        if (ended_ || left.count() <= 0) return std::nullopt;
        pollfd ready{descriptor_, POLLIN, 0};
        poll(&ready, 1, static_cast<int>(left.count()));
    }
}

void LiveConnection::say(const std::string& request) {
    const std::string text = request + '\n';
    if (!ended_) (void)!send(descriptor_, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

}  // namespace tools::view
