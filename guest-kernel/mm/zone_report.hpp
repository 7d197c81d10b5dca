// SPDX-License-Identifier: LGPL-2.1-or-later
// The zones in Linux' own words: the boot log's lines, /proc/buddyinfo and /proc/zoneinfo, written through a sink, so
// that the kernel's console and a host test print the same.
#pragma once

#include "guest-kernel/mm/zonelist.hpp"

namespace guest {

struct TextSink {
    void (*write)(void* context, const char* text);
    void* context;

    void text(const char* s) const { write(context, s); }
    void number(uint64_t value, unsigned width = 0) const;  // decimal, padded with blanks on the left
};

// "127MB HIGHMEM available.", "896MB LOWMEM available.", "On node 0 totalpages: 262128" and a line per zone, as 2.6.15
// printed them: pages spanned, holes included.
void report_boot(const Zonelist& zones, const TextSink& out);

// /proc/buddyinfo: free blocks of each order, per zone.
void report_buddyinfo(const Zonelist& zones, const TextSink& out);

// /proc/zoneinfo: free, watermarks, spanned, present, protection (lowmem_reserve), per zone.
void report_zoneinfo(const Zonelist& zones, const TextSink& out);

}  // namespace guest
