// SPDX-License-Identifier: LGPL-2.1-or-later
// The zones in Linux' own words: /proc/buddyinfo, /proc/zoneinfo (of 2.6.16 to 2.6.22, without what this kernel does not
// have) and /proc/vmallocinfo, written through a sink, so that the kernel's console and a host test print the same.
#pragma once

#include "guest-kernel/mm/text_sink.hpp"
#include "guest-kernel/mm/vm_areas.hpp"
#include "guest-kernel/mm/zonelist.hpp"

namespace guest {

// Free blocks of each order, per zone that has memory.
void report_buddyinfo(const Zonelist& zones, const TextSink& out);

// Free pages, watermarks, spanned, present, protection (lowmem_reserve), per zone that has memory.
void report_zoneinfo(const Zonelist& zones, const TextSink& out);

// Each area: its addresses and bytes, the guard page included, who asked for it, and what is behind it.
// `report_caller` writes the name of a code address.
void report_vmallocinfo(const VmAreas& areas, const TextSink& out, void (*report_caller)(const void*, const TextSink&));

}  // namespace guest
