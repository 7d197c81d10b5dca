// SPDX-License-Identifier: LGPL-2.1-or-later
// The CD that was booted, as a device that writes memory.
#pragma once

#include "mm/addr.hpp"

namespace twins {

// Lets the IDE bus master put the page table that the CD has in an unused sector over the first half of a frame. Its entry 0 maps
// machine.hpp's cd_frame, the others nothing.
void read_cd_table(mm::Pfn);

}  // namespace twins
