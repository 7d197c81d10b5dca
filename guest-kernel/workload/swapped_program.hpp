// SPDX-License-Identifier: LGPL-2.1-or-later
// What the program `swapped` is told, and what its pages hold.
#pragma once

#include "guest-kernel/workload/page_pattern.hpp"

namespace guest {

enum class SwappedEnd : uint8_t { checked, killed, untouched };

struct SwappedOrder {
    uint32_t pages;   // below 65536
    uint32_t rounds;  // below 256: fill, wait for a token, look
    SwappedEnd end = SwappedEnd::checked;

    constexpr uint32_t packed() const { return static_cast<uint32_t>(end) << 24 | rounds << 16 | pages; }
    static constexpr SwappedOrder unpack(uint32_t word) {
        return {word & 0xFFFF, word >> 16 & 0xFF, static_cast<SwappedEnd>(word >> 24)};
    }
};
static_assert(SwappedOrder::unpack(SwappedOrder{600, 3, SwappedEnd::killed}.packed()).rounds == 3);

// Its pages take turns.
constexpr Pattern pattern_of(uint32_t page) { return all_patterns[page % static_cast<uint32_t>(Pattern::count_)]; }

}  // namespace guest
