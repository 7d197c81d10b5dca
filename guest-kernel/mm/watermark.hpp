// SPDX-License-Identifier: LGPL-2.1-or-later
// How many pages each zone keeps back, by the rules of Linux 2.6.12 to 2.6.22 (mm/page_alloc.c:
// init_per_zone_pages_min, setup_per_zone_pages_min, setup_per_zone_lowmem_reserve).
#pragma once

#include "mm/addr.hpp"

namespace guest {

// Pages. Below `low` reclaim would start; an ordinary request may not go below `min`.
struct Watermarks {
    mm::Pages min, low, high;
};

// Largest integer whose square is at most `value`.
constexpr uint32_t int_sqrt(uint64_t value) {
    uint64_t root = 0;
    for (uint64_t bit = uint64_t{1} << 31; bit != 0; bit >>= 1)
        if ((root + bit) * (root + bit) <= value) root += bit;
    return static_cast<uint32_t>(root);
}

// a * b / c in 64 bits, by shifting: a freestanding 32-bit kernel has no 64-bit division. The result must fit.
constexpr uint32_t scale(uint32_t a, uint32_t b, uint32_t c) {
    const uint64_t product = uint64_t{a} * b;
    uint64_t quotient = 0, rest = 0;
    for (unsigned bit = 64; bit-- > 0;) {
        rest = rest << 1 | (product >> bit & 1);
        quotient <<= 1;
        if (rest >= c) rest -= c, quotient |= 1;
    }
    return static_cast<uint32_t>(quotient);
}

// min_free_kbytes for so much lowmem (DMA and NORMAL, present pages): 4 * sqrt(KiB of lowmem), 128 to 65536 KiB.
constexpr uint32_t min_free_kbytes(mm::Pages lowmem_present) {
    const uint64_t lowmem_kbytes = mm::bytes(lowmem_present) / 1024;
    const uint32_t kbytes = int_sqrt(lowmem_kbytes * 16);
    return kbytes < 128 ? 128 : kbytes > 65536 ? 65536 : kbytes;
}

// Pages of min_free_kbytes that fall to a zone, in proportion to its size.
constexpr uint32_t share_of_min_free(mm::Pages present, mm::Pages lowmem_present) {
    const uint32_t pages_min = min_free_kbytes(lowmem_present) >> (mm::page_shift - 10);
    return scale(pages_min, present.raw, lowmem_present.raw);
}

// A lowmem zone's share of min_free_kbytes is proportional to its size.
constexpr Watermarks lowmem_watermarks(mm::Pages present, mm::Pages lowmem_present) {
    if (lowmem_present.raw == 0) return {};
    const uint32_t share = share_of_min_free(present, lowmem_present);
    return {mm::Pages{share}, mm::Pages{share + share / 4}, mm::Pages{share + share / 2}};
}

// HIGHMEM keeps little back (present/1024, 32 to 128 pages), because the kernel itself never needs it; the distances
// to low and high are those of a lowmem zone of its size.
constexpr Watermarks highmem_watermarks(mm::Pages present, mm::Pages lowmem_present) {
    if (present.raw == 0 || lowmem_present.raw == 0) return {};
    const uint32_t wanted = present.raw / 1024;
    const uint32_t min = wanted < 32 ? 32 : wanted > 128 ? 128 : wanted;  // 32: SWAP_CLUSTER_MAX
    const uint32_t share = share_of_min_free(present, lowmem_present);
    return {mm::Pages{min}, mm::Pages{min + share / 4}, mm::Pages{min + share / 2}};
}

// What a lower zone keeps from requests that could have used the zones above it: their pages / ratio.
inline constexpr uint32_t lowmem_reserve_ratio[] = {256, 32, 32};  // DMA, NORMAL, HIGHMEM

// The table in Linux' own comment on min_free_kbytes, and the sizes around the splits' lowmem.
static_assert(min_free_kbytes(mm::pages_in(uint64_t{16} << 20)) == 512);
static_assert(min_free_kbytes(mm::pages_in(uint64_t{512} << 20)) == 2896);
static_assert(min_free_kbytes(mm::pages_in(uint64_t{896} << 20)) == 3831);
static_assert(min_free_kbytes(mm::pages_in(uint64_t{3936} << 20)) == 8030);
static_assert(scale(957, 225280, 229376) == 939 && scale(4000000000, 3000000000, 4000000000) == 3000000000);
static_assert(int_sqrt(0) == 0 && int_sqrt(15) == 3 && int_sqrt(16) == 4 && int_sqrt(0xFFFFFFFFFFFFFFFF) == 0xFFFFFFFF);

}  // namespace guest
