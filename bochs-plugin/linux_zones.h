// SPDX-License-Identifier: LGPL-2.1-or-later
// A Linux kernel's zones, read from its struct zone (include/linux/mmzone.h) without knowing its configuration.
//
//   contig_page_data, or each of node_data[]:   node_zones[0]  ...  node_zones[n]
//   struct zone:   ...  zone_start_pfn, managed_pages, spanned_pages, present_pages  ...  name --> "DMA", "Normal", "HighMem" ...
//
// Two names tell how large a zone is. The four numbers stand together before the name, present_pages at most two words away from it; they are taken
// where spanned >= present >= managed holds in every zone, and zones follow one another.
#pragma once

#include <vector>

#include "linux_symbols.h"
#include "run_info.h"

namespace plugin {

// Those that span memory, in the kernel's order. Empty: not set up yet, or not understood.
std::vector<RunInfo::Zone> read_linux_zones(const GuestMemory&, const LinuxSymbols&);

}  // namespace plugin
