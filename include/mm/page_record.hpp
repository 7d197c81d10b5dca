// SPDX-License-Identifier: LGPL-2.1-or-later
// What all modelled TLBs of a CPU share about a linear page, so that an access that hits in all of them costs one comparison and
// two time stamps, however many there are.
//
//   access --served by all?--> yes: stamp page and region          no: the models that do not serve it look it up
//
// A first-level entry keeps no time of its own last use: it is the latest stamp of its page (or region, if large), because as long as
// the entry is valid every access to the page is a use of it. Replacement asks for it only when it has to choose a victim.
#pragma once

#include <stdint.h>

namespace mm {

inline constexpr unsigned access_kinds = 3;              // AccessKind: read, write, execute
inline constexpr unsigned linear_pages = 1u << 20;       // of 4 KiB
inline constexpr unsigned region_shift = 21;             // 2 MiB: a large page is one or two regions
inline constexpr unsigned linear_regions = 1u << (32 - region_shift);
inline constexpr uint16_t served_by_all = 0xFFFF;
inline constexpr unsigned max_models = 14;
inline constexpr uint16_t trusted_bit = 1u << 14;        // no stale translation serves it: set and cleared by whoever looks for such
inline constexpr uint16_t references_bit = 1u << 15;     // clear while every lookup is recorded

struct PageRecord {
    uint64_t used[access_kinds];    // time of the last lookup of the page, in lookups
    uint16_t served[access_kinds];  // bit n: model n serves this kind of access without any change but the time of its use
    uint16_t emulator;              // what the emulator's own TLBs may know of the page: emulator_* below, for data; fetches 1 bit higher
};
static_assert(sizeof(PageRecord) == 32);
inline constexpr uint16_t emulator_asked = 1;            // it has translated the page anew, and no model was asked since
inline constexpr uint16_t emulator_open = 4;             // the page was open to programs then: it lets them pass until it translates again

struct RegionRecord {
    uint64_t used[access_kinds];
};

// Lookups so far, the same for all models: the time that stamps tell.
struct LookupClock {
    uint64_t now = 0;      // all
    uint64_t fetches = 0;  // of these, for instructions
};

}  // namespace mm
