// SPDX-License-Identifier: LGPL-2.1-or-later
// Tells zonescope, if it listens, what this kernel is and does (mm/protocol.hpp).
#pragma once

#include <stdint.h>

#include "mm/addr.hpp"
#include "mm/protocol.hpp"

namespace guest {

// Who we are: zones, regions, the symbols' file, the spans' names. Once, when the memory is set up.
void publish_machine();

// A frame becomes a page table's, or stops to be one's.
void publish_page_table(mm::Pfn, mm::protocol::PageTable);

void publish_result(uint32_t failures);

}  // namespace guest
