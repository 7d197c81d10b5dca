// SPDX-License-Identifier: LGPL-2.1-or-later
// What swapped pages hold in tests and workloads: the kinds of content that matter to a compressor, for the kernel and for
// ring 3. Every page is its own, and the same in every run.
#pragma once

#include <stdint.h>

namespace guest {

enum class Pattern : uint8_t {
    zero,    // never written, or cleared
    text,    // words out of a small vocabulary, with line ends
    noise,   // pseudo-random: no compressor can make it smaller
    count_,
};
inline constexpr Pattern all_patterns[] = {Pattern::zero, Pattern::text, Pattern::noise};

inline constexpr unsigned pattern_words = 1024;  // of four bytes: a page

// Marsaglia's xorshift (Journal of Statistical Software 8(14), 2003), in its 32-bit form 13, 17, 5.
constexpr uint32_t next_random(uint32_t x) {
    x ^= x << 13;
    x ^= x >> 17;
    return x ^ x << 5;
}

// Four letters, the first in the lowest byte.
constexpr uint32_t letters(const char* text) {
    uint32_t word = 0;
    for (unsigned i = 0; i < 4; ++i) word |= static_cast<uint32_t>(static_cast<unsigned char>(text[i])) << 8 * i;
    return word;
}

// Calls each(index, word) for the words of the page. Text is phrases of 16 letters in pseudo-random order.
template <class Each>
constexpr void generate(Pattern pattern, uint32_t seed, Each each) {
    constexpr const char* phrases[] = {"the page that is", " not in memory: ", "of a process, or", " has been moved ",
                                       "to the swap area", " and comes back\n", "when it is next ", "read or written."};
    uint32_t x = seed * 2654435761u | 1;  // never 0, where xorshift stays
    const char* phrase = phrases[0];
    for (unsigned i = 0; i < pattern_words; ++i) {
        if (pattern == Pattern::noise || i % 4 == 0) x = next_random(x);
        if (i % 4 == 0) phrase = phrases[x >> 29];
        each(i, pattern == Pattern::zero ? 0 : pattern == Pattern::text ? letters(phrase + i % 4 * 4) : x);
    }
}

inline void fill_page(uint32_t* page, Pattern pattern, uint32_t seed) {
    generate(pattern, seed, [page](unsigned i, uint32_t word) { page[i] = word; });
}

inline bool page_holds(const uint32_t* page, Pattern pattern, uint32_t seed) {
    bool same = true;
    generate(pattern, seed, [&](unsigned i, uint32_t word) { same = same && page[i] == word; });
    return same;
}

}  // namespace guest
