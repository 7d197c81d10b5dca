// SPDX-License-Identifier: LGPL-2.1-or-later
// Random entries that lead to frames which nobody depends on: a page table made of them cannot reach the guest's own memory. So is
// whatever the guest writes to memory, because that may be a page table, too.
#pragma once

#include "tests/odd/fuzz_random.hpp"
#include "tests/stale/machine.hpp"

namespace odd {

inline constexpr unsigned fuzz_tables = 5;   // machine.hpp's tables 0 to 4; the next one is that of code
inline constexpr unsigned fuzz_frames = 48;  // data frames
inline constexpr unsigned code_frames = 16;  // more data frames, which hold a RET and are never written

constexpr mm::Pfn code_frame(unsigned n) { return twins::data(fuzz_frames + n); }

// Tables and data; and where reading and writing changes nothing that matters: no memory, text memory, ROM (whose bytes, as entries,
// would lead anywhere).
inline mm::Pfn random_frame(Random& r, bool for_table) {
    constexpr mm::Pfn elsewhere[] = {mm::Pfn{0xD0000}, mm::Pfn{0x7FFF0}, mm::Pfn{0xB8}, mm::Pfn{0xF0}, mm::Pfn{0xFFFFF}};
    constexpr unsigned all = sizeof elsewhere / sizeof *elsewhere, no_rom = 3;
    if (r.one_in(16)) return elsewhere[r.below(for_table ? no_rom : all)];
    return r.one_in(4) ? twins::table(r.below(fuzz_tables)) : twins::data(r.below(fuzz_frames));
}

// Bits of the format that a kernel leaves 0, and what else it may have in its entries.
inline uint64_t random_bits(Random& r) {
    constexpr uint64_t plain = 0x1FF & ~mm::entry_bit::page_size;
    uint64_t bits = (r.next() & plain & ~uint64_t{mm::entry_bit::write_through | mm::entry_bit::cache_disable}) | (r.one_in(8) ? 0 : mm::entry_bit::present);
    if (r.one_in(8)) bits |= r.next() & 0xE18;                   // available, PWT, PCD
    if (r.one_in(4)) bits |= mm::entry_bit::no_execute;
    if (r.one_in(64)) bits |= uint64_t{1} << (36 + r.below(27));
    return bits;
}

inline twins::Raw random_leaf(Random& r) { return static_cast<twins::Raw>(mm::address(random_frame(r, false)).raw | random_bits(r)); }
inline twins::Raw random_large_leaf(Random& r) {
    const uint64_t frame = mm::address(twins::large_frame(r.below(2))).raw;
    const uint64_t reserved = r.one_in(32) ? uint64_t{1} << (13 + r.below(8)) : 0;
    return static_cast<twins::Raw>(frame | random_bits(r) | mm::entry_bit::page_size | reserved);
}

}  // namespace odd
