// SPDX-License-Identifier: LGPL-2.1-or-later
// Puts a pager behind standard output.
#include "pager.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

#include "terminal.hpp"

namespace tools {
namespace {

std::string chosen_pager() {
    for (const char* variable : {"ZONESCOPE_PAGER", "PAGER"})
        if (const char* const program = std::getenv(variable)) return std::string{program} == "cat" ? "" : program;
    return "less";
}

void flush() {
    std::cout.flush();
    std::fflush(stdout);
}

}  // namespace

Pager::Pager() {
    const std::string program = chosen_pager();
    if (program.empty() || isatty(STDOUT_FILENO) == 0) return;
    (void)colours();  // is decided by the terminal, not by the pipe to come
    int ends[2];
    if (pipe(ends) != 0) return;
    flush();
    pid_ = fork();
    if (pid_ == 0) {
        dup2(ends[0], STDIN_FILENO);
        close(ends[0]), close(ends[1]);
        setenv("LESS", "FRX", 0);  // end at once if it fits on a screen; pass colours on; leave the text there
        execl("/bin/sh", "sh", "-c", (program + "; [ $? -ne 127 ] || exec cat").c_str(), nullptr);  // 127: there is no such program
        _exit(127);
    }
    close(ends[0]);
    if (pid_ > 0) {
        terminal_ = dup(STDOUT_FILENO);
        dup2(ends[1], STDOUT_FILENO);
    }
    close(ends[1]);
}

Pager::~Pager() {
    if (pid_ <= 0) return;
    flush();
    dup2(terminal_, STDOUT_FILENO);  // the pager reads to the end of the pipe
    close(terminal_);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {}
}

}  // namespace tools
