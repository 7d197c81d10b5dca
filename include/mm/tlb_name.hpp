// SPDX-License-Identifier: LGPL-2.1-or-later
// What a profile's TLBs are called wherever they are shown: "ITLB 4K", "DTLB 4M", "STLB 4K+2M". As in the profiles' tables a second level
// that serves fetches and data is the STLB, and a first level that does is the TLB.
#pragma once

#include "mm/mmu_model.hpp"

namespace mm {

// Which sizes of pages a TLB holds.
enum class TlbPages : uint8_t { small, large, both };

inline constexpr const char* pde_cache_name = "PDE cache";

struct TlbName {
    char text[16] = {};

    constexpr void add(const char* more) {
        unsigned n = 0;
        while (text[n]) ++n;
        while (*more) text[n++] = *more++;
    }
    constexpr bool operator==(const char* other) const {
        unsigned n = 0;
        while (text[n] && text[n] == other[n]) ++n;
        return text[n] == other[n];
    }
};

// `large_shift`: log2 of the size of a large page.
constexpr TlbName tlb_name(const MmuGeometry& g, MmuModel::Level level, TlbPages pages, unsigned large_shift) {
    TlbName name;
    switch (level) {
    case MmuModel::first_instruction: name.add("ITLB"); break;
    case MmuModel::first_data: name.add(g.unified ? "TLB" : "DTLB"); break;
    case MmuModel::second_instruction: name.add("L2 ITLB"); break;
    default: name.add(g.second_unified ? "STLB" : "L2 DTLB"); break;
    }
    const char* const large = large_shift == directory_shift<Pae> ? "2M" : "4M";
    name.add(pages == TlbPages::large ? " " : pages == TlbPages::both ? " 4K+" : " 4K");
    if (pages != TlbPages::small) name.add(large);
    return name;
}

namespace tlb_name_proof {
constexpr MmuGeometry split{}, one = [] { MmuGeometry g; return g.unified = true, g; }(), shared_second = [] { MmuGeometry g; return g.second_unified = true, g; }();
static_assert(tlb_name(split, MmuModel::first_instruction, TlbPages::small, 22) == "ITLB 4K" && tlb_name(split, MmuModel::first_data, TlbPages::large, 22) == "DTLB 4M");
static_assert(tlb_name(one, MmuModel::first_data, TlbPages::both, 21) == "TLB 4K+2M" && tlb_name(shared_second, MmuModel::second_data, TlbPages::both, 22) == "STLB 4K+4M");
static_assert(tlb_name(split, MmuModel::second_data, TlbPages::both, 21) == "L2 DTLB 4K+2M" && tlb_name(split, MmuModel::second_instruction, TlbPages::small, 21) == "L2 ITLB 4K");
}  // namespace tlb_name_proof

}  // namespace mm
