// SPDX-License-Identifier: LGPL-2.1-or-later
// What distinguishes one kernel image from another: the only file that reads -DSPLIT, -DPAGING and -DMUTATION.
#pragma once

#include "guest-kernel/mm/flush_site.hpp"
#include "mm/entry.hpp"
#include "mm/layout.hpp"

namespace guest {

template <mm::Paging> struct FormatOf;
template <> struct FormatOf<mm::Paging::classic> { using type = mm::Classic; };
template <> struct FormatOf<mm::Paging::pae> { using type = mm::Pae; };

using Format = FormatOf<mm::Paging::PAGING>::type;

inline constexpr mm::Layout layout = mm::layout(mm::Split::SPLIT, mm::Paging::PAGING);

// The flush that this image lacks, for the tests of the detector of missing flushes.
inline constexpr FlushSite removed_flush = FlushSite::MUTATION;
constexpr bool flushes(FlushSite site) { return site == FlushSite::none || site != removed_flush; }

}  // namespace guest
