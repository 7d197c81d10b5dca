// SPDX-License-Identifier: LGPL-2.1-or-later
// What distinguishes one kernel image from another: the only file that reads -DSPLIT and -DPAGING.
#pragma once

#include "mm/entry.hpp"
#include "mm/layout.hpp"

namespace guest {

template <mm::Paging> struct FormatOf;
template <> struct FormatOf<mm::Paging::classic> { using type = mm::Classic; };
template <> struct FormatOf<mm::Paging::pae> { using type = mm::Pae; };

using Format = FormatOf<mm::Paging::PAGING>::type;

inline constexpr mm::Layout layout = mm::layout(mm::Split::SPLIT, mm::Paging::PAGING);

}  // namespace guest
