// SPDX-License-Identifier: LGPL-2.1-or-later
// Fills pages and looks into them, wherever they are, outside the spans: what a transfer should have moved.
#pragma once

#include "guest-kernel/kernel/memory.hpp"

namespace guest {

// Every word of the page tells the seed and its own place.
void fill_page(mm::Pfn frame, uint32_t seed);
[[nodiscard]] bool page_filled(mm::Pfn frame, uint32_t seed);

// A block as the recorder wrote it (media_label.hpp): its number, then zeros.
void number_page(mm::Pfn frame, uint32_t block);
[[nodiscard]] bool page_numbered(mm::Pfn frame, uint32_t block);

}  // namespace guest
