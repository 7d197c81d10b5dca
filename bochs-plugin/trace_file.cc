// SPDX-License-Identifier: LGPL-2.1-or-later
// Files by system calls: no buffer of the C library may hold half a packet when the process is killed.
#include "trace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

namespace plugin {

namespace {

std::string problem(const std::string& path, int error) { return path + ": " + strerror(error); }

// Bytes written, all of them unless errno says why not.
size_t write_all(int fd, const char* bytes, size_t count) {
    size_t done = 0;
    while (done < count) {
        const ssize_t n = ::write(fd, bytes + done, count - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        done += static_cast<size_t>(n);
    }
    return done;
}

}  // namespace

TraceFile::~TraceFile() {
    if (fd_ >= 0) ::close(fd_);
}

bool TraceFile::fail(const char* what) {
    if (error_.empty()) error_ = path_ + ": " + what;
    return false;
}

bool TraceFile::open(const std::string& path) {
    path_ = path;
    fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    return fd_ >= 0 || fail(strerror(errno));
}

bool TraceFile::append(const void* bytes, size_t count) {
    if (failed()) return false;
    if (write_all(fd_, static_cast<const char*>(bytes), count) != count) {
        fail(strerror(errno));
        if (::ftruncate(fd_, static_cast<off_t>(size_)) != 0) {}  // a device has no size: nothing to cut
        return false;
    }
    size_ += count;
    return true;
}

bool TraceFile::close() {
    if (fd_ < 0) return !failed();
    const int status = ::close(fd_);
    fd_ = -1;
    return status == 0 ? !failed() : fail(strerror(errno));
}

std::string replace_file(const std::string& path, const std::string& text) {
    const std::string beside = path + ".new";
    const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return problem(beside, errno);
    errno = 0;
    const bool whole = write_all(fd, text.data(), text.size()) == text.size();
    const int write_error = errno;
    const bool closed = ::close(fd) == 0;
    if (!whole || !closed) {
        const int error = whole ? errno : write_error;
        ::unlink(beside.c_str());
        return problem(path, error);
    }
    if (::rename(beside.c_str(), path.c_str()) != 0) return problem(path, errno);
    return {};
}

std::string read_file(const std::string& path) {
    std::string text;
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return text;
    char buffer[4096];
    for (ssize_t got; (got = ::read(fd, buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<size_t>(got));
    ::close(fd);
    return text;
}

std::string make_directories(const std::string& path) {
    for (size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
        const std::string part = path.substr(0, end);
        if (::mkdir(part.c_str(), 0777) != 0 && errno != EEXIST) return problem(part, errno);
        if (end == std::string::npos) break;
    }
    struct stat status;
    if (::stat(path.c_str(), &status) != 0) return problem(path, errno);
    return S_ISDIR(status.st_mode) ? std::string{} : problem(path, ENOTDIR);
}

}  // namespace plugin
