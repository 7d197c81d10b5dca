// SPDX-License-Identifier: LGPL-2.1-or-later
// Choosing the socket's path, and starting `zonescope view` with two forks.
#include "record_live.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

namespace tools {
namespace {

namespace fs = std::filesystem;

constexpr size_t longest_socket_path = 107;  // bytes: unix(7)
constexpr char socket_file[] = "live", viewer_log[] = "view.log";

// After fork in a process that may have threads: only what is safe while they hold locks.
[[noreturn]] void become_viewer(char* const* arguments, int log) {
    setsid();
    if (fork() != 0) _exit(0);
    const int input = open("/dev/null", O_RDONLY);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGXFSZ}) signal(number, SIG_DFL);
    if (input >= 0 && dup2(input, 0) >= 0 && dup2(log, 1) >= 0 && dup2(log, 2) >= 0) execv(arguments[0], arguments);
    _exit(127);
}

// Which file it is, of all that were there at any time: a number may be used again. Empty: there is none.
std::string identity(const fs::path& file) {
    struct stat status {};
    if (lstat(file.c_str(), &status) != 0) return {};
    return std::to_string(status.st_ino) + " " + std::to_string(status.st_ctim.tv_sec) + " " + std::to_string(status.st_ctim.tv_nsec);
}

}  // namespace

fs::path live_socket(const RecordOptions& o) {
    if (!o.serve) return {};
    const auto fits = [](const fs::path& path) { return path.string().size() <= longest_socket_path; };
    const std::string limit = "a socket's path has at most " + std::to_string(longest_socket_path) + " bytes; ";
    if (!o.live.empty()) {
        const fs::path given = fs::absolute(o.live);
        std::error_code ignored;
        if (const auto there = fs::symlink_status(given, ignored); fs::exists(there) && !fs::is_socket(there))
            throw InputError{given.string(), "is there already and is no socket, so it is left alone; give another path to --live"};
        if (!fits(given)) throw InputError{given.string(), limit + "give a shorter one to --live"};
        return given;
    }
    if (const fs::path inside = fs::absolute(o.output) / hidden_directory / socket_file; fits(inside)) return inside;
    const char* const runtime = std::getenv("XDG_RUNTIME_DIR");
    const fs::path outside = fs::path{runtime ? runtime : ""} / ("zonescope-" + std::to_string(getpid()) + ".live");
    if (outside.is_absolute() && fits(outside)) return outside;
    throw InputError{fs::absolute(o.output).string(), limit + "give one with --live=SOCKET, or a shorter directory to -o"};
}

ViewerStarter::ViewerStarter(const RecordOptions& o) : socket_{o.gui ? live_socket(o) : ""}, log_{o.output}, former_{identity(socket_)} {}

void ViewerStarter::look() {
    std::error_code ignored;
    if (socket_.empty()) return;
    if (const std::string now = identity(socket_); now.empty() || now == former_) return;
    const std::string self = fs::read_symlink("/proc/self/exe", ignored).string(), socket = socket_.string();
    socket_.clear();
    if (!std::getenv("DISPLAY") && !std::getenv("WAYLAND_DISPLAY")) return;
    std::string words[] = {self, "view", "--live", socket};
    char* const arguments[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
    const int log = open((log_ / hidden_directory / viewer_log).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    const pid_t child = log < 0 ? -1 : fork();
    if (child == 0) become_viewer(arguments, log);
    if (log >= 0) close(log);
    if (child > 0) waitpid(child, nullptr, 0);
}

}  // namespace tools
