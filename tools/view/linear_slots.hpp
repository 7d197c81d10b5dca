// SPDX-License-Identifier: LGPL-2.1-or-later
// One cell of the map of linear addresses: what its directory entries say together, how it is drawn and told in words.
#pragma once

#include <string>

#include "canvas.hpp"
#include "map_grid.hpp"
#include "tools/view/snapshot.hpp"

namespace tools::view {

struct SlotSum {
    SlotContent content = SlotContent::unknown;  // of the slot about which most is known: large page, table, not present, unknown
    uint64_t walks = 0, recent_walks = 0, mapped = 0;
};
[[nodiscard]] SlotSum sum_of_slots(const LinearMap& linear, ItemRange items);

// Of the region that the first slot belongs to: at 4:4, where regions overlap, the user's if its entry is the user's.
[[nodiscard]] Color color_of_slot(const Snapshot& now, ItemRange items);
void draw_slot(Canvas& canvas, Rect cell, const SlotSum& slot, Color region, uint64_t most_walks, uint64_t most_recent);
void draw_slot_legend(Canvas& canvas, Rect where);

// "lowmem", "vmalloc, pkmap"; at 4:4 "user or lowmem, an address space each"; "no region".
[[nodiscard]] std::string regions_at(const Snapshot& now, uint64_t first, uint64_t end);
// "a page table, 12 pages known to be mapped ..., 34 walks".
[[nodiscard]] std::string describe_slots(const Snapshot& now, ItemRange items);

}  // namespace tools::view
