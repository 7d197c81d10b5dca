// SPDX-License-Identifier: LGPL-2.1-or-later
// What is asked of the zones (Linux: gfp_t), and what comes back.
#pragma once

#include "guest-kernel/mm/zone.hpp"

namespace guest {

// How deep a request may dig. ordinary stops at the min watermark, atomic (cannot wait: Linux' __GFP_HIGH and
// ALLOC_HARDER) at 3/8 of it, emergency (frees more than it takes: PF_MEMALLOC) at the last page.
enum class Urgency : uint8_t { ordinary, atomic, emergency };

struct Request {
    ZoneType best;
    Urgency urgency = Urgency::ordinary;
    uint8_t node = 0;  // the node to try first in each zone type

    constexpr Request on(unsigned other_node) const { return {best, urgency, static_cast<uint8_t>(other_node)}; }
};
inline constexpr Request gfp_dma{ZoneType::dma};
inline constexpr Request gfp_kernel{ZoneType::normal};
inline constexpr Request gfp_atomic{ZoneType::normal, Urgency::atomic};
inline constexpr Request gfp_emergency{ZoneType::normal, Urgency::emergency};  // also what __GFP_NOFAIL ends up with
inline constexpr Request gfp_user{ZoneType::normal};  // a user page that the kernel reaches by the direct map
inline constexpr Request gfp_highuser{ZoneType::highmem};

enum class Shortage : uint8_t {
    none,
    watermark,   // there are free pages, but the zones keep them back
    fragmented,  // enough pages are free, no block is large enough
    exhausted,   // fewer pages are free than asked for
    too_large,   // order >= max_order
    injected,    // a test wanted this one to fail (Zonelist::fail_allocation)
};
const char* describe(Shortage s);

// A block of 2^order frames, or why there is none.
struct [[nodiscard]] Allocation {
    mm::Pfn first{};
    Shortage why = Shortage::exhausted;
    constexpr explicit operator bool() const { return why == Shortage::none; }
};

}  // namespace guest
