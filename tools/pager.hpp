// SPDX-License-Identifier: LGPL-2.1-or-later
// Shows long output a page at a time, as git does: where standard output is a terminal, through $PAGER.
#pragma once

#include <sys/types.h>

namespace tools {

// From construction to destruction, what is written to standard output goes to the program in $ZONESCOPE_PAGER, else $PAGER, else to `less`,
// which shows a page or less and ends. No program if the variable is empty or "cat", or if there is none to run: then nothing changes.
class Pager final {
public:
    Pager();
    ~Pager();  // waits until the user has seen enough
    Pager(const Pager&) = delete;
    Pager& operator=(const Pager&) = delete;

private:
    pid_t pid_ = -1;
    int terminal_ = -1;  // the standard output that was
};

}  // namespace tools
