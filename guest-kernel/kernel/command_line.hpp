// SPDX-License-Identifier: LGPL-2.1-or-later
// The kernel's command line: key=value words. Knows no hardware.
//
//   workload=all|none|NAME[,NAME...]   default all
//   selftest=0|1                       default 0: run the in-guest tests, report in TAP
//   nosep                              no sysenter, Linux' word for it
//   nopge                              without global pages: a CR3 write drops the kernel's translations, too
//   highpte                            processes' page tables in HIGHMEM (kernel/user_tables.hpp)
//   4kstacks                           kernel stacks of one page instead of two
//   mem=nopentium                      no large pages in the direct map, Linux' word for it
//   crash=panic|fault|stack|deadlock   a bug on purpose, before the workloads (kernel/crash.hpp)
//   print=REPORT[,REPORT...]           default none: zoneinfo, buddyinfo, slabinfo, vmallocinfo, before the power goes off
//   nodes=, struct_page=               kernel/memory_options.hpp
#pragma once

#include "guest-kernel/kernel/direct_map_pages.hpp"
#include "guest-kernel/kernel/memory_options.hpp"

namespace guest {

struct Options {
    Text workloads{};
    bool selftest = false;
    bool small_stacks = false;
    bool tables_in_highmem = false;
    bool no_sysenter = false;
    DirectMapPages direct_map = DirectMapPages::large;
    bool no_global_pages = false;
    Text crash{};
    Text reports{};
    MemoryOptions memory{};
};

// Calls unknown(Text) for each word that is neither a known key=value nor the image's file name, which QEMU puts first.
Options parse_command_line(const char* line, void (*unknown)(Text word));

}  // namespace guest
