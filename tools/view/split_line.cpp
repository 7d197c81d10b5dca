// SPDX-License-Identifier: LGPL-2.1-or-later
// Finds the split among the regions.
#include "tools/view/split_line.hpp"

#include <algorithm>

#include "mm/layout.hpp"
#include "mm/protocol.hpp"
#include "tools/stat_names.hpp"

namespace tools::view {

// A region that begins among the user's does not make a kernel's part, unless it is the direct map: that needs tables of its own.
SplitLine split_line_of(const std::vector<RegionInfo>& regions) {
    uint64_t user_start = UINT64_MAX, user_end = 0, kernel_start = UINT64_MAX, direct_map = 0, direct_map_end = 0, trampoline = 0;
    for (const RegionInfo& r : regions) {
        if (r.end > mm::address_space_bytes) continue;  // of long mode
        if (r.name == "user") user_start = r.start, user_end = r.end;
        else kernel_start = std::min(kernel_start, r.start);
        if (r.name == "lowmem") direct_map = r.start, direct_map_end = r.end;
        if (r.name == mm::protocol::trampoline_region) trampoline = r.start;
    }
    if (kernel_start != UINT64_MAX && kernel_start >= user_end) return {kernel_start, false, 0};
    if (direct_map != 0 && direct_map < user_end && user_start < direct_map_end) return {direct_map, true, trampoline};
    return {};
}

std::string split_words(const SplitLine& split) {
    if (!split.own_spaces) return "the kernel's part";
    return "the kernel's address space; programs have their own" + (split.trampoline ? ", the trampoline at " + hexadecimal(split.trampoline) + " is in both" : "");
}

}  // namespace tools::view
