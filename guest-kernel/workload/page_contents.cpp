// SPDX-License-Identifier: LGPL-2.1-or-later
// Patterns in pages, through an atomic kmap.
#include "guest-kernel/workload/page_contents.hpp"

namespace guest {
namespace {

constexpr uint32_t words = mm::page_size / sizeof(uint32_t);
constexpr uint32_t pattern(uint32_t seed, uint32_t word) { return seed * 0x9E3779B1 ^ word * 0x01000193; }

constexpr uint32_t number_at(uint32_t block, uint32_t word, Numbering n) {
    const uint32_t unit = n == Numbering::by_page ? words : words / 8;
    return word % unit != 0 ? 0 : block * (words / unit) + word / unit;
}
static_assert(number_at(5, 0, Numbering::by_page) == 5 && number_at(5, 128, Numbering::by_sector) == 41);

// Calls visit(word, index) for each word until one returns false.
template <class Visit>
bool each_word(mm::Pfn frame, Visit visit) {
    const mm::VirtAddr at = kmap_atomic().map(frame, KmapType::test);
    auto* const page = reinterpret_cast<uint32_t*>(at.raw);
    bool good = true;
    for (uint32_t i = 0; good && i < words; ++i) good = visit(page[i], i);
    kmap_atomic().unmap(at, KmapType::test);
    return good;
}

}  // namespace

void fill_page(mm::Pfn frame, uint32_t seed) {
    each_word(frame, [=](uint32_t& word, uint32_t i) { return word = pattern(seed, i), true; });
}

bool page_filled(mm::Pfn frame, uint32_t seed) {
    return each_word(frame, [=](uint32_t& word, uint32_t i) { return word == pattern(seed, i); });
}

void number_page(mm::Pfn frame, uint32_t block, Numbering n) {
    each_word(frame, [=](uint32_t& word, uint32_t i) { return word = number_at(block, i, n), true; });
}

bool page_numbered(mm::Pfn frame, uint32_t block, Numbering n) {
    return each_word(frame, [=](uint32_t& word, uint32_t i) { return word == number_at(block, i, n); });
}

}  // namespace guest
