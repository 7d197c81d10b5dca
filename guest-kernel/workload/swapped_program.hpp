// SPDX-License-Identifier: LGPL-2.1-or-later
// What the program `swapped` is told, and what its pages hold.
#pragma once

#include "guest-kernel/workload/page_pattern.hpp"

namespace guest {

enum class SwappedEnd : uint8_t { checked, killed, untouched, forks };

// Text compresses; mixed pages take turns among all patterns.
enum class SwappedContents : uint8_t { mixed, text };

// `turns`: it writes all pages anew, waits for a token, and checks every word. `touches`: it fills them once; in each turn it
// only looks at some words of each page, and writes one.
enum class SwappedWork : uint8_t { turns, touches };

struct SwappedOrder {
    uint32_t pages;   // below 4096
    uint32_t rounds;  // below 4096
    SwappedEnd end = SwappedEnd::checked;
    SwappedContents contents = SwappedContents::mixed;
    SwappedWork work = SwappedWork::turns;

    constexpr uint32_t packed() const {
        return pages | rounds << 12 | static_cast<uint32_t>(end) << 24 | static_cast<uint32_t>(contents) << 28 |
               static_cast<uint32_t>(work) << 29;
    }
    static constexpr SwappedOrder unpack(uint32_t word) {
        return {word & 0xFFF, word >> 12 & 0xFFF, static_cast<SwappedEnd>(word >> 24 & 0xF),
                static_cast<SwappedContents>(word >> 28 & 1), static_cast<SwappedWork>(word >> 29 & 1)};
    }
};
static_assert(SwappedOrder::unpack(SwappedOrder{600, 3, SwappedEnd::killed}.packed()).rounds == 3);

constexpr Pattern pattern_of(uint32_t page, SwappedContents contents = SwappedContents::mixed) {
    if (contents == SwappedContents::text) return Pattern::text;
    return all_patterns[page % static_cast<uint32_t>(Pattern::count_)];
}

}  // namespace guest
