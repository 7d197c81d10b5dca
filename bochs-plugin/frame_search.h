// SPDX-License-Identifier: LGPL-2.1-or-later
// Which linear pages lead to a frame: page tables read the other way round, in as many address spaces as are known (address_spaces.h).
#pragma once

#include <string>
#include <vector>

#include "machine.h"
#include "mm/trace_events.hpp"

namespace plugin {

struct AddressSpace {
    mm::trace::State registers{};        // with which it is walked
    bool loaded = false;                 // by a CPU, now
    std::vector<std::string> tasks;      // that ran in it: "init (1)"; empty: not known
};

struct FrameMapping {
    size_t space = 0;                    // its place in the list that was searched
    uint64_t linear = 0;                 // the 4 KiB page that is the frame
    unsigned shift = mm::page_shift;     // log2 of the size of the page that maps it
    mm::Permissions permissions{};       // of all levels together
};

struct FrameUses {
    std::vector<FrameMapping> mappings;  // in the order of the spaces, then of addresses
    bool cut = false;                    // there may be more: the tables were too many
};

FrameUses who_maps(const Machine&, const std::vector<AddressSpace>&, mm::Pfn frame);

}  // namespace plugin
