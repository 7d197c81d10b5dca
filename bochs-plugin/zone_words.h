// SPDX-License-Identifier: LGPL-2.1-or-later
// The zones that a user gives for a guest which publishes none, as words:  dma:0-16M,normal:16M-896M,highmem:896M-
#pragma once

#include "run_info.h"

namespace plugin {

inline constexpr uint32_t pc_hole_start = 0xA0, pc_hole_end = 0x100;  // frames of display memory and ROM: in a zone, but no memory

// Bytes, with K, M or G; an end that is left out is that of memory. `zones`: with their pages that are there. Returns what is wrong, or an
// empty string.
[[nodiscard]] std::string parse_zones(const std::string& text, uint64_t memory_mib, std::vector<RunInfo::Zone>& zones);

}  // namespace plugin
