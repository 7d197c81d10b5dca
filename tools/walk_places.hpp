// SPDX-License-Identifier: LGPL-2.1-or-later
// Where a recorded walk read and where it ended: what mm::trace::view() says, for readers of millions of walks. The decoder has
// already followed the entries (WalkRecord::reads), so nothing is decided here; a test compares the two.
#pragma once

#include "address_map.hpp"
#include "mm/trace_codec.hpp"

namespace tools {

struct WalkPlaces {
    mm::PhysAddr pde_at, pte_at;  // meaningful as far as the walk read
    mm::Pfn frame;                // of the 4 KiB page; meaningless if the walk faulted
};

template <class F>
[[nodiscard]] inline WalkPlaces places_as(const mm::trace::WalkRecord& r, uint64_t directory) {
    using Raw = typename F::Raw;
    const mm::VirtAddr at = mm::address(r.page);
    const mm::Entry<F> pde{static_cast<Raw>(r.pde)}, pte{static_cast<Raw>(r.pte)};
    const mm::PhysAddr pde_at{(directory & 0x000000FFFFFFF000) + mm::directory_index<F>(at) * sizeof(Raw)};
    const mm::PhysAddr pte_at{mm::address(pde.frame()).raw + mm::table_index<F>(at) * sizeof(Raw)};
    const mm::Pages inside{(at.raw & (mm::large_page_size<F> - 1)) >> mm::page_shift};
    return {pde_at, pte_at, r.reads == 2 ? pte.frame() : pde.large_frame() + inside};
}

[[nodiscard]] inline WalkPlaces places(const mm::trace::WalkRecord& r, const mm::trace::State& s) {
    if (s.control.mode() == mm::PagingMode::pae) return places_as<mm::Pae>(r, s.pdpte[mm::pdpte_index(mm::address(r.page))]);
    return places_as<mm::Classic>(r, s.control.cr3);
}

// Whose walk it is: that of the frame's zone and the page's region; of a walk that faulted, nobody's.
[[nodiscard]] inline unsigned zone_of(const ZoneMap& zones, const mm::trace::WalkRecord& r, const WalkPlaces& at) {
    return r.fault ? zones.other() : zones.of(at.frame);
}
[[nodiscard]] inline unsigned region_of(const RegionMap& regions, const mm::trace::WalkRecord& r) {
    return r.fault ? regions.other() : regions.of(mm::address(r.page), r.access.user);
}

}  // namespace tools
