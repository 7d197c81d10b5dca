// SPDX-License-Identifier: LGPL-2.1-or-later
// Fills pages and looks into them, wherever they are, outside the spans: what a transfer should have moved.
#pragma once

#include "guest-kernel/kernel/memory.hpp"

namespace guest {

// Every word of the page tells the seed and its own place.
void fill_page(mm::Pfn frame, uint32_t seed);
[[nodiscard]] bool page_filled(mm::Pfn frame, uint32_t seed);

// A block of the medium as the recorder wrote it (media_label.hpp): its number, then zeros. A floppy's page has 8 sectors
// with a number each.
enum class Numbering : uint8_t { by_page, by_sector };
void number_page(mm::Pfn frame, uint32_t block, Numbering n = Numbering::by_page);
[[nodiscard]] bool page_numbered(mm::Pfn frame, uint32_t block, Numbering n = Numbering::by_page);

}  // namespace guest
