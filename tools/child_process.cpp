// SPDX-License-Identifier: LGPL-2.1-or-later
// fork, exec and pidfd.
#include "child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "error.hpp"

namespace tools {
namespace {

int open_for_writing(const std::filesystem::path& file) {
    const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (descriptor < 0) throw Failure{file.string(), std::strerror(errno)};
    return descriptor;
}

void prepare(pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(127);
    signal(SIGINT, SIG_DFL), signal(SIGTERM, SIG_DFL), signal(SIGPIPE, SIG_DFL);
}

// After fork, only what is safe while other threads hold locks. Status 127: the program could not be started.
[[noreturn]] void become(char* const* arguments, const char* directory, int output, int errors, pid_t parent) {
    setpgid(0, 0);
    prepare(parent);
    const int input = open("/dev/null", O_RDONLY);
    if (input >= 0 && dup2(input, 0) >= 0 && dup2(output, 1) >= 0 && dup2(errors, 2) >= 0 && chdir(directory) == 0) execv(arguments[0], arguments);
    _exit(127);
}

[[noreturn]] void become_on_terminal(char* const* arguments, const char* directory, pid_t parent) {
    prepare(parent);
    if (chdir(directory) == 0) execv(arguments[0], arguments);
    _exit(127);
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command, const Files& files) {
    std::vector<char*> arguments;
    for (const std::string& a : command) arguments.push_back(const_cast<char*>(a.c_str()));
    arguments.push_back(nullptr);
    if (access(arguments[0], X_OK) != 0) throw InputError{command.front(), std::string{"cannot be run: "} + std::strerror(errno) + "; run `./setup` again"};
    const int output = files.terminal ? -1 : open_for_writing(files.output), errors = files.terminal ? -1 : open_for_writing(files.errors);
    const pid_t self = getpid();
    pid_ = fork();
    if (pid_ == 0 && files.terminal) become_on_terminal(arguments.data(), files.directory.c_str(), self);
    if (pid_ == 0) become(arguments.data(), files.directory.c_str(), output, errors, self);
    if (!files.terminal) close(output), close(errors);
    if (pid_ < 0) throw Failure{command.front(), std::string{"cannot be started: "} + std::strerror(errno)};
    descriptor_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
}

ChildProcess::~ChildProcess() {
    if (!status_) {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    if (descriptor_ >= 0) close(descriptor_);
}

std::optional<int> ChildProcess::wait(std::chrono::milliseconds limit) {
    if (status_) return status_;
    pollfd ended{descriptor_, POLLIN, 0};
    poll(&ended, descriptor_ >= 0 ? 1 : 0, static_cast<int>(limit.count()));
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
    return status_;
}

void ChildProcess::signal(int number) {
    if (!status_) kill(pid_, number);
}

std::filesystem::path find_program(const std::string& name, const std::string& package) {
    const char* const path = std::getenv("PATH");
    const std::string directories = path ? path : "/usr/bin:/bin";
    for (size_t from = 0; from <= directories.size();) {
        const size_t colon = std::min(directories.find(':', from), directories.size());
        const auto file = std::filesystem::path{directories.substr(from, colon - from)} / name;
        if (access(file.c_str(), X_OK) == 0) return file;
        from = colon + 1;
    }
    throw InputError{name, "not found; install the package '" + package + "' (./setup does)"};
}

std::string describe_wait_status(int status) {
    if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
    return "exit status " + std::to_string(WEXITSTATUS(status));
}

std::string tail_of(const std::filesystem::path& file, size_t bytes) {
    std::ifstream in{file, std::ios::binary | std::ios::ate};
    if (!in) return {};
    const auto size = static_cast<size_t>(in.tellg());
    const size_t start = size > bytes ? size - bytes : 0;
    in.seekg(static_cast<std::streamoff>(start));
    std::string text(size - start, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (start) text.erase(0, text.find('\n') + 1);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

}  // namespace tools
