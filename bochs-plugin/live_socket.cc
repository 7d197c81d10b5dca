// SPDX-License-Identifier: LGPL-2.1-or-later
// Binding, and telling a stale socket from one that is in use.
#include "live_socket.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace plugin {

namespace {

constexpr mode_t owner_only = S_IRUSR | S_IWUSR;
constexpr int waiting_connections = 8;
static_assert(sizeof(sockaddr_un::sun_path) == LiveSocket::longest_path + 1);

sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
}

int new_socket() { return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

std::string failure(const std::string& path, const char* what) { return path + ": " + what + ": " + strerror(errno); }

// Makes room for the socket's file. What is wrong, or an empty string.
std::string remove_stale(const std::string& path) {
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0) return errno == ENOENT ? "" : failure(path, "cannot be looked at");
    if (!S_ISSOCK(status.st_mode)) return path + ": is there already and is no socket, so it is left alone; give another path";
    if (status.st_uid != geteuid()) return path + ": is another user's socket, so it is left alone; give another path";
    const int probe = new_socket();
    const sockaddr_un address = address_of(path);
    const bool answered = connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 || errno != ECONNREFUSED;
    ::close(probe);
    if (answered) return path + ": another recording listens there; give another path";
    return unlink(path.c_str()) == 0 ? "" : failure(path, "a dead run's socket cannot be removed");
}

}  // namespace

std::string LiveSocket::listen(const std::string& path) {
    if (path.size() > longest_path)
        return path + ": a socket's path has at most " + std::to_string(longest_path) + " bytes, and this has " + std::to_string(path.size()) + "; give a shorter one";
    if (const std::string error = remove_stale(path); !error.empty()) return error;
    fd_ = new_socket();
    if (fd_ < 0) return failure(path, "no socket can be made");
    // Linux makes the file with the rights that the socket has when it is bound (net/unix/af_unix.c, unix_bind_bsd).
    const sockaddr_un address = address_of(path);
    if (fchmod(fd_, owner_only) != 0 || bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        const std::string error = failure(path, "the socket cannot be made there");
        ::close(fd_), fd_ = -1;
        return error;
    }
    path_ = path;
    struct stat status {};
    const bool ours = lstat(path.c_str(), &status) == 0;
    device_ = status.st_dev, file_ = status.st_ino;
    std::string error;
    if (!ours || (status.st_mode & 0777 & ~owner_only) != 0) error = path + ": this file system keeps no socket's rights; give a path on another";
    else if (::listen(fd_, waiting_connections) != 0) error = failure(path, "cannot be listened to");
    if (!error.empty()) close();
    return error;
}

int LiveSocket::accept() const {
    if (fd_ < 0) return nobody;
    const int descriptor = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (descriptor >= 0) return descriptor;
    return errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM ? no_room : nobody;
}

void LiveSocket::close() {
    if (fd_ < 0) return;
    struct stat status {};
    if (lstat(path_.c_str(), &status) == 0 && S_ISSOCK(status.st_mode) && status.st_dev == device_ && status.st_ino == file_) unlink(path_.c_str());
    ::close(fd_);
    fd_ = -1;
}

}  // namespace plugin
