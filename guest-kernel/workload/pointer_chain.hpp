// SPDX-License-Identifier: LGPL-2.1-or-later
// A cycle of pointers in random order, the same on every run: lmbench's `tlb` in ring 3, and tests/bench/pointer_chase on the
// host's own processor.
//
//   spread:  one pointer in each of N pages, each in another line, so that they do not compete for the data cache's sets
//   dense:   as many cache lines, 64 in each page: the same footprint in the data cache, few pages
#pragma once

#include <stdint.h>

namespace guest {

inline constexpr uint32_t longest_chain = 8192;

// A pointer at each link, to the next one.
using Link = void**;

class PointerChain final {
public:
    static constexpr uint32_t page_bytes = 4096, line_bytes = 64, lines_in_page = page_bytes / line_bytes;

    // Assumes 1 <= length <= longest_chain, and `area` page aligned and large enough.
    PointerChain(char* area, uint32_t length, bool spread) : area_{area}, spread_{spread} {
        uint16_t order[longest_chain];
        for (uint32_t i = 0; i < length; ++i) order[i] = static_cast<uint16_t>(i);
        for (uint32_t i = length - 1; i > 0; --i) {  // Fisher and Yates' shuffle
            const uint32_t j = next_random() % (i + 1);
            const uint16_t kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        for (uint32_t i = 0; i < length; ++i) *link(order[i]) = link(order[(i + 1) % length]);
        first_ = link(order[0]);
    }
    Link first() const { return first_; }

private:
    Link link(uint32_t i) const {
        const uint32_t offset = spread_ ? i * page_bytes + i % lines_in_page * line_bytes : i * line_bytes;
        return reinterpret_cast<Link>(area_ + offset);
    }
    uint32_t next_random() { return (random_ = random_ * 1664525 + 1013904223) >> 16; }  // Knuth's and Lewis' constants

    char* area_;
    bool spread_;
    Link first_;
    uint32_t random_ = 1;
};

// Where `steps` loads lead, each from the address that the one before gave.
inline Link follow(Link at, uint32_t steps) {
#pragma GCC unroll 16
    for (uint32_t i = 0; i < steps; ++i) at = static_cast<Link>(*at);
    return at;
}

}  // namespace guest
