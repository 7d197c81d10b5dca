// SPDX-License-Identifier: LGPL-2.1-or-later
// What useless flushes take: the instructions alone. A flush that nothing was refilled after costs no walks.
#pragma once

#include "cost_model.hpp"
#include "flush_use.hpp"

namespace tools {

[[nodiscard]] inline Interval cycles_of(FlushKind kind, uint64_t times, const Profile& p) {
    if (kind == FlushKind::other) return {};
    return times * (kind == FlushKind::invlpg ? p.invlpg : p.mov_cr3);
}

[[nodiscard]] inline Interval useless_cycles(const FlushReport& r, Useless u, const Profile& p) {
    return cycles_of(FlushKind::invlpg, r.useless(u, FlushKind::invlpg), p) + cycles_of(FlushKind::cr3_write, r.useless(u, FlushKind::cr3_write), p);
}

// Of all flushes that dropped nothing, or nothing that was missed. A write of the same value is among these, or was not useless:
// its refills may be what the guest wanted.
[[nodiscard]] inline Interval useless_cycles(const FlushReport& r, const Profile& p) {
    return useless_cycles(r, Useless::not_cached, p) + useless_cycles(r, Useless::nothing_dropped, p) + useless_cycles(r, Useless::nothing_refilled, p);
}

}  // namespace tools
