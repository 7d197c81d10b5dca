// SPDX-License-Identifier: LGPL-2.1-or-later
// What the TLBs and paging-structure caches of a CPU look like, as data: sizes, associativity, replacement, how the levels relate.
//
//   fetch --> instruction --\                               (unified: `data` serves fetches too)
//                            >--> second level, if any --> walk, whose directory entry the pde_cache may have
//   load, store --> data ---/
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace mm {

enum class Replacement : uint8_t { lru, tree_plru, random };
enum class Inclusion : uint8_t { neither, inclusive, exclusive };

struct TlbGeometry {
    unsigned entries = 0;  // 0: the CPU has no such TLB
    unsigned ways = 1;     // equal to entries: fully associative
    Replacement replacement = Replacement::lru;

    constexpr unsigned sets() const { return entries / ways; }
    constexpr bool exists() const { return entries != 0; }
    friend constexpr bool operator==(TlbGeometry a, TlbGeometry b) {
        return a.entries == b.entries && (a.entries == 0 || (a.ways == b.ways && a.replacement == b.replacement));
    }
};

// Where the pages of both sizes are kept. Large pages have a TLB of their own, or share that of the small ones, or neither:
// then each 4 KiB piece (fragment) of a large page that is used takes an entry of the small pages' TLB.
struct TlbLevel {
    TlbGeometry small{}, large{};
    bool shared = false;

    constexpr bool exists() const { return small.exists(); }
    constexpr bool holds_large() const { return shared || large.exists(); }
    friend constexpr bool operator==(const TlbLevel& a, const TlbLevel& b) {
        return a.small == b.small && a.large == b.large && a.shared == b.shared;
    }
};

struct MmuGeometry {
    const char* profile = "";
    bool global_pages = false;     // CR4.PGE and the G bit exist
    bool unified = false;          // one first-level TLB, `data`, for fetches too; `instruction` is empty
    TlbLevel instruction{}, data{};  // first level
    bool loads_only = false;       // the first-level data TLB serves loads only; stores go to the second level
    TlbLevel second_instruction{}, second_data{};
    bool second_unified = false;   // `second_data` serves fetches too; `second_instruction` is empty
    Inclusion inclusion = Inclusion::neither;
    TlbGeometry pde_cache{};       // directory entries that name a table, tagged by linear bits 31:22, or 31:21 with PAE

    friend constexpr bool operator==(const MmuGeometry& a, const MmuGeometry& b) {
        return a.global_pages == b.global_pages && a.unified == b.unified && a.instruction == b.instruction && a.data == b.data &&
               a.loads_only == b.loads_only && a.second_instruction == b.second_instruction && a.second_data == b.second_data &&
               a.second_unified == b.second_unified && a.inclusion == b.inclusion && a.pde_cache == b.pde_cache;
    }
};

inline constexpr unsigned max_tlb_entries = 4096;

constexpr bool power_of_two(unsigned n) { return n != 0 && (n & (n - 1)) == 0; }
constexpr bool consistent(TlbGeometry g) {
    if (g.entries == 0) return true;
    return g.entries <= max_tlb_entries && g.ways != 0 && g.entries % g.ways == 0 && power_of_two(g.entries / g.ways) &&
           (g.replacement != Replacement::tree_plru || power_of_two(g.ways));
}
constexpr bool consistent(const TlbLevel& l) {
    return consistent(l.small) && consistent(l.large) && (l.exists() || (!l.large.exists() && !l.shared)) && !(l.shared && l.large.exists());
}

// nullptr, or what is wrong with it, to be said to the author of a profile.
constexpr const char* inconsistency(const MmuGeometry& g) {
    const bool second = g.second_instruction.exists() || g.second_data.exists();
    if (!consistent(g.instruction) || !consistent(g.data) || !consistent(g.second_instruction) || !consistent(g.second_data) || !consistent(g.pde_cache))
        return "a TLB's entries must be a multiple of its ways, its sets a power of two, with tree-plru its ways too";
    if (!g.data.exists()) return "there is no first-level data TLB";
    if (g.unified == g.instruction.exists()) return "there must be an instruction TLB, or the data TLB must be unified, not both";
    if (g.unified && second && !g.second_unified) return "a unified first level needs a unified second level, or none";
    if (g.second_unified && (g.second_instruction.exists() || !g.second_data.exists())) return "a unified second level is second_data alone";
    if (g.loads_only && !g.second_data.exists()) return "a first level for loads only needs a second level for the stores";
    if (g.loads_only && g.data.holds_large() && !g.second_data.holds_large()) return "a first level for loads only needs a second level for large stores, too";
    if ((g.second_data.holds_large() && !g.data.holds_large()) || (g.second_instruction.holds_large() && !g.instruction.holds_large()))
        return "a second level with large pages needs a first level with large pages";
    if (g.loads_only && g.unified) return "a first level for loads only cannot be unified";
    if (g.inclusion != Inclusion::neither && !second) return "inclusion is about a second level, but there is none";
    if (g.inclusion == Inclusion::exclusive && (g.second_unified || g.loads_only)) return "an exclusive second level must be split and take no stores of its own";
    return nullptr;
}

constexpr const char* name(Replacement r) {
    constexpr const char* names[] = {"lru", "tree-plru", "random"};
    return names[static_cast<unsigned>(r)];
}
constexpr const char* name(Inclusion i) {
    constexpr const char* names[] = {"neither", "inclusive", "exclusive"};
    return names[static_cast<unsigned>(i)];
}

static_assert(consistent(TlbGeometry{64, 4}) && consistent(TlbGeometry{2, 2}) && !consistent(TlbGeometry{24, 5}));
static_assert(consistent(TlbGeometry{24, 24}) && !consistent(TlbGeometry{24, 24, Replacement::tree_plru}));

}  // namespace mm
