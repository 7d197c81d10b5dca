// SPDX-License-Identifier: LGPL-2.1-or-later
// What a recorded walk found, by the entries that it read.
#pragma once

#include "mm/trace_events.hpp"
#include "mm/walk.hpp"

namespace mm::trace {

// A recorded walk with its addresses and result, computed by the same walk that made it.
struct WalkView {
    Translation translation{};
    unsigned reads = 0;
    PhysAddr pde_at{}, pte_at{};
};
template <class F>
constexpr WalkView view_as(const WalkRecord& r, const typename F::Root& root, const Control& c) {
    bool first = true;
    const Walk<F> w = walk<F>(root, address(r.page), c, [&](PhysAddr) {
        const uint64_t value = first ? r.pde : r.pte;
        return first = false, static_cast<typename F::Raw>(value);
    });
    return {w.translation, w.reads, w.pde_at, w.pte_at};
}
constexpr WalkView view(const WalkRecord& r, const State& s) {
    if (s.control.mode() == PagingMode::pae)
        return view_as<Pae>(r, {{s.pdpte[0], s.pdpte[1], s.pdpte[2], s.pdpte[3]}}, s.control);
    return view_as<Classic>(r, {PhysAddr{s.control.cr3 & 0xFFFFF000}}, s.control);
}

}  // namespace mm::trace
