// SPDX-License-Identifier: LGPL-2.1-or-later
// A process whose pages are swapped out while it waits: it fills them, waits for a token, and looks whether they are still
// what they were, as often as it is told.
#include "guest-kernel/workload/swapped_program.hpp"

#include "guest-kernel/runtime/program.hpp"
#include "guest-kernel/workload/page_pattern.hpp"

namespace guest {
namespace {

uint32_t* page(uint32_t* region, uint32_t index) { return region + index * pattern_words; }

}  // namespace

extern "C" int program_swapped(uint32_t argument) {
    const auto order = SwappedOrder::unpack(argument);
    auto* const region = static_cast<uint32_t*>(map(order.pages * buffer_bytes));
    if (!mapped(region)) return 1;
    for (uint32_t round = 0; round < order.rounds; ++round) {
        for (uint32_t i = 0; i < order.pages; ++i) fill_page(page(region, i), pattern_of(i), i + round);
        take();
        if (order.end == SwappedEnd::killed) region[-1] = 0;  // below the lowest mapping
        if (order.end == SwappedEnd::untouched) return 0;
        for (uint32_t i = 0; i < order.pages; ++i)
            if (!page_holds(page(region, i), pattern_of(i), i + round)) return 2;
    }
    return 0;
}

}  // namespace guest
