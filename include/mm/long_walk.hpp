// SPDX-License-Identifier: LGPL-2.1-or-later
// The walk of long mode: four levels of tables, or five, of 512 entries of 8 bytes each (SDM vol. 3, 4.5, tables 4-15 to 4-20).
//
//   CR3 --> [PML5] --> PML4 --> PDPT --> directory --> table --> 4 KiB page
//                                |           +-- PS --> 2 MiB page
//                                +-- PS --> 1 GiB page
//
// As walk.hpp's it reads through the caller's load(PhysAddr) -> uint64_t, writes nothing, and leaves permission to fault.hpp.
#pragma once

#include "mm/walk.hpp"

namespace mm {

inline constexpr uint32_t cr4_la57 = 1u << 12;  // five levels
inline constexpr unsigned most_long_levels = 5;
inline constexpr unsigned long_index_bits = 9;
constexpr unsigned long_levels(const Control& c) { return c.cr4 & cr4_la57 ? 5 : 4; }

// Linear page numbers of long mode have 52 bits, of which the upper ones repeat bit 47 (or 56): the address is canonical.
constexpr uint64_t long_page_of(uint64_t linear) { return linear >> page_shift; }
constexpr uint64_t lower_half_end(unsigned levels) { return uint64_t{1} << (page_shift + long_index_bits * levels - 1); }
constexpr uint64_t upper_half_start(unsigned levels) { return ~uint64_t{0} << (page_shift + long_index_bits * levels - 1); }
static_assert(lower_half_end(4) == 0x0000800000000000 && upper_half_start(4) == 0xFFFF800000000000 && upper_half_start(5) == 0xFF00000000000000);

// The entries that the walk read, from the root's on.
struct LongWalk {
    Translation translation{};  // shift: 12, 21 or 30
    unsigned reads = 0;
    PhysAddr at[most_long_levels] = {};
    uint64_t entry[most_long_levels] = {};
};

// `level`: 0 is the table of 4 KiB pages. A processor without 1 GiB pages reserves PS in a PDPTE; that is not known here.
constexpr uint64_t long_reserved_bits(const Control& c, unsigned level, bool leaf) {
    constexpr uint64_t address_bits = 0x000FFFFFFFFFFFFF;
    const uint64_t beyond_memory = address_bits & ~((uint64_t{1} << c.physical_bits) - 1);
    const uint64_t size_bit = level > 2 ? entry_bit::page_size : 0;
    const uint64_t unaligned = leaf && level > 0 ? (uint64_t{1} << (page_shift + long_index_bits * level)) - (uint64_t{1} << 13) : 0;  // bit 12 is PAT
    return beyond_memory | size_bit | unaligned | (c.no_execute() ? 0 : entry_bit::no_execute);
}

template <class Load>
constexpr LongWalk long_walk(PhysAddr root, uint64_t linear, const Control& c, Load&& load) {
    constexpr uint64_t frame_bits = 0x000FFFFFFFFFF000;
    LongWalk w;
    Permissions p{true, true, true, false};
    uint64_t table = root.raw & frame_bits;
    for (unsigned level = long_levels(c); level-- > 0;) {
        const unsigned shift = page_shift + long_index_bits * level;
        const PhysAddr at{table + (linear >> shift & 511) * sizeof(uint64_t)};
        const uint64_t raw = load(at);
        w.at[w.reads] = at, w.entry[w.reads++] = raw;
        const Entry<Pae> e{raw};
        if (!e.present()) return w;
        const bool leaf = level == 0 || (level <= 2 && e.page_size_bit());
        if (raw & long_reserved_bits(c, level, leaf)) return w.translation.status = WalkStatus::reserved_bit, w;
        p = {p.write && e.writable(), p.user && e.user(), p.execute && (!e.no_execute() || !c.no_execute()), leaf && e.global() && c.global_pages()};
        if (leaf) {
            const uint64_t inside = (linear & ((uint64_t{1} << shift) - 1)) >> page_shift;
            const uint64_t first = (raw & frame_bits & ~((uint64_t{1} << shift) - 1)) >> page_shift;
            w.translation = {WalkStatus::mapped, Pfn{static_cast<uint32_t>(first + inside)}, shift, p};
            return w;
        }
        table = raw & frame_bits;
    }
    return w;
}

namespace long_walk_proof {
inline constexpr Control control{cr0_pg | cr0_pe, 0, cr4_pae | cr4_pge, efer_lme | efer_lma | efer_nxe, 40};
// A 4 KiB page at the top of the lower half, a 2 MiB page at the bottom of the upper one, and 1 GiB above it.
constexpr uint64_t load(PhysAddr at) {
    switch (at.raw) {
    case 0x1000 + 255 * 8: return 0x2007;
    case 0x2000 + 511 * 8: return 0x3007;
    case 0x3000 + 511 * 8: return 0x4007;
    case 0x4000 + 511 * 8: return 0x8000000012345005;
    case 0x1000 + 256 * 8: return 0x5003;
    case 0x5000: return 0x6003;
    case 0x6000: return 0x7'4000'01E3 & ~uint64_t{0x1FF000};
    case 0x5000 + 8: return 0x7'4000'0083;
    default: return 0;
    }
}
constexpr LongWalk small = long_walk(PhysAddr{0x1000}, 0x00007FFFFFFFFFFF, control, load);
static_assert(small.reads == 4 && small.translation.mapped() && small.translation.frame == Pfn{0x12345} && small.at[3].raw == 0x4000 + 511 * 8);
static_assert(small.translation.permissions == Permissions{false, true, false, false}, "R/W at each level, XD at one");
constexpr LongWalk large = long_walk(PhysAddr{0x1000}, 0xFFFF800000005123, control, load);
static_assert(large.reads == 3 && large.translation.shift == 21 && large.translation.frame == Pfn{0x740005} && large.translation.permissions.global);
constexpr LongWalk huge = long_walk(PhysAddr{0x1000}, 0xFFFF800040003000, control, load);
static_assert(huge.reads == 2 && huge.translation.shift == 30 && huge.translation.frame == Pfn{0x740003});
static_assert(long_walk(PhysAddr{0x1000}, 0x1000, control, load).reads == 1);
}  // namespace long_walk_proof

}  // namespace mm
