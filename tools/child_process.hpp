// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs another program with its output in files, and waits for it without losing Ctrl-C.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tools {

class ChildProcess final {
public:
    struct Files {
        std::filesystem::path directory;       // the program's working directory
        std::filesystem::path output, errors;  // its standard output and error; the same file is fine
        bool terminal = false;                 // instead of these two: it has this process' own three
    };
    // The program runs in a process group of its own, so that the terminal's Ctrl-C reaches it only through signal(); one that has the
    // terminal gets it from there. It gets SIGTERM if this process dies. Throws InputError if it cannot be started.
    ChildProcess(const std::vector<std::string>& command, const Files& files);
    ~ChildProcess();  // kills it if it still runs
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    // Waits at most so long. The wait status as waitpid() gives it, or nothing while the program runs; a signal to this
    // process ends the wait early.
    [[nodiscard]] std::optional<int> wait(std::chrono::milliseconds limit);
    void signal(int number);

private:
    pid_t pid_ = -1;
    int descriptor_ = -1;        // pidfd: becomes readable when the program ends
    std::optional<int> status_;
};

// The program's file in PATH. Throws InputError saying which package has it.
[[nodiscard]] std::filesystem::path find_program(const std::string& name, const std::string& package);

// "exit status 1" or "signal 11".
[[nodiscard]] std::string describe_wait_status(int status);

// The last lines of a log file, for an error message: at most so many bytes.
[[nodiscard]] std::string tail_of(const std::filesystem::path& file, size_t bytes = 400);

}  // namespace tools
