// SPDX-License-Identifier: LGPL-2.1-or-later
// The kernel's command line: key=value words. Knows no hardware.
//
//   workload=all|none|NAME[,NAME...]   default all
//   selftest=0|1                       default 0: run the in-guest tests, report in TAP
//   4kstacks                           kernel stacks of one page instead of two
//   mem=nopentium                      no large pages in the direct map, Linux' word for it
//   crash=panic|fault                  a bug on purpose, before the workloads (kernel/crash.hpp)
#pragma once

#include "guest-kernel/kernel/direct_map_pages.hpp"

namespace guest {

// A piece of the command line, [begin, end).
struct Text {
    const char* begin;
    const char* end;

    bool operator==(const char* other) const {
        const char* c = begin;
        while (c < end && *other && *c == *other) ++c, ++other;
        return c == end && !*other;
    }
    bool empty() const { return begin == end; }
};

// Takes the piece up to `separator` off the front of `rest`; empty pieces between separators are skipped.
Text next_piece(Text& rest, char separator);

struct Options {
    Text workloads;
    bool selftest = false;
    bool small_stacks = false;
    DirectMapPages direct_map = DirectMapPages::large;
    Text crash{nullptr, nullptr};
};

// Calls unknown(Text) for each word that is neither a known key=value nor the image's file name, which QEMU puts first.
Options parse_command_line(const char* line, void (*unknown)(Text word));

}  // namespace guest
