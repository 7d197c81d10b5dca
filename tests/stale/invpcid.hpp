// SPDX-License-Identifier: LGPL-2.1-or-later
// INVPCID (SDM vol. 2), for processors that have it, of PCID 0: the only one outside long mode.
#pragma once

#include "mm/trace.hpp"

namespace twins {

inline void invpcid(mm::trace::InvpcidType type, mm::VirtAddr at = {}) {
    const struct {
        uint64_t pcid, linear;
    } descriptor{0, at.raw};
    asm volatile("invpcid %0, %1" : : "m"(descriptor), "r"(static_cast<uint32_t>(type)) : "memory");
}

}  // namespace twins
