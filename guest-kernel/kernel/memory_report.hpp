// SPDX-License-Identifier: LGPL-2.1-or-later
// What the console says about the memory, in Linux' words: when the kernel boots, when it is asked to, and in a panic.
#pragma once

#include "guest-kernel/kernel/text.hpp"
#include "guest-kernel/mm/frame_ranges.hpp"

namespace guest {

// After start_memory(): Linux' boot lines.
void print_boot_lines(const FrameRanges& ram);

// Names with commas between: zoneinfo, buddyinfo, slabinfo, vmallocinfo. Returns how many are unknown, and says which.
[[nodiscard]] uint32_t print_reports(Text names);

void print_buddyinfo();

// All of them; nothing before start_memory().
void print_all_reports();

}  // namespace guest
