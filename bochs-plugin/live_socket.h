// SPDX-License-Identifier: LGPL-2.1-or-later
// A listening Unix-domain socket whose file only its owner may use, from its first moment to its last.
#pragma once

#include <sys/types.h>

#include <string>

namespace plugin {

class LiveSocket {
public:
    static constexpr size_t longest_path = 107;  // bytes: unix(7)

    LiveSocket() = default;
    LiveSocket(const LiveSocket&) = delete;
    LiveSocket& operator=(const LiveSocket&) = delete;
    ~LiveSocket() { close(); }

    // Makes the file. One that a killed run has left is replaced; any other file, and a socket that somebody listens to, is left alone.
    // Returns what is wrong and what to do, or an empty string.
    [[nodiscard]] std::string listen(const std::string& path);

    int descriptor() const { return fd_; }
    // The next connection, which does not block; or one of these.
    static constexpr int nobody = -1, no_room = -2;  // no_room: there may be one, but no descriptor or memory for it
    int accept() const;
    // Removes the file, if it is still this socket's.
    void close();

private:
    std::string path_;
    int fd_ = -1;
    dev_t device_{};
    ino_t file_{};
};

}  // namespace plugin
