// SPDX-License-Identifier: LGPL-2.1-or-later
// What a modelled CPU's TLBs add up to.
#pragma once

#include <stdint.h>

namespace mm {

// Of one side: fetches, or loads and stores. lookups >= misses >= walks.
struct LookupCounts {
    uint64_t lookups = 0;
    uint64_t misses = 0;  // lookups that the first level did not serve
    uint64_t walks = 0;   // nor the second; equal to misses if there is none
};

// Valid entries that a flush dropped.
struct Dropped {
    unsigned instruction = 0, data = 0;  // first level; `data` also when unified
    unsigned second = 0;                 // second level, both sides
    unsigned pde = 0;                    // cached directory entries
    constexpr unsigned total() const { return instruction + data + second + pde; }
};

}  // namespace mm
