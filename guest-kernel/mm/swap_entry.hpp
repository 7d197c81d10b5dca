// SPDX-License-Identifier: LGPL-2.1-or-later
// Where a page is that is not in memory: what the process's page-table entry keeps instead of a frame. The processor looks
// at no bit of an entry that is not present (SDM vol. 3, 4.3 and 4.4.2), so both formats keep the same, in the low half.
//
//   bit  63 .. 32 | 31 .. 8  7 .. 6  5 .. 1  0
//           0     |  slot      0      kind   P = 0
//
// Source: Linux 2.6 include/asm-i386/pgtable-2level.h (__swp_type, __swp_offset).
#pragma once

#include "mm/entry.hpp"

namespace guest {

enum class SwapKind : uint8_t {
    disk = 1,    // in the swap area of the disk. No kind is 0: an entry of all zeros is empty
    compressed,  // in lowmem, compressed (Linux: zram)
};
inline constexpr SwapKind all_swap_kinds[] = {SwapKind::disk, SwapKind::compressed};
inline constexpr unsigned swap_kinds = 2;
constexpr unsigned index_of(SwapKind k) { return static_cast<unsigned>(k) - 1; }

inline constexpr unsigned swap_kind_shift = 1, swap_slot_shift = 8;
inline constexpr uint32_t swap_kind_mask = 0x1F;
inline constexpr uint32_t max_swap_slots = uint32_t{1} << (32 - swap_slot_shift);  // 64 GiB of pages

struct SwapEntry {
    SwapKind kind;
    uint32_t slot;  // below max_swap_slots
};
constexpr bool operator==(SwapEntry a, SwapEntry b) { return a.kind == b.kind && a.slot == b.slot; }

template <class F>
constexpr mm::Entry<F> encode(SwapEntry e) {
    return mm::Entry<F>{e.slot << swap_slot_shift | static_cast<uint32_t>(e.kind) << swap_kind_shift};
}

// Whether the entry stands for a page that was swapped out; if it is neither this nor present, it is empty.
template <class F>
constexpr bool is_swapped(mm::Entry<F> e) {
    return !e.present() && e.raw != 0;
}

// Assumes is_swapped(e).
template <class F>
constexpr SwapEntry swap_entry(mm::Entry<F> e) {
    const auto low = static_cast<uint32_t>(e.raw);
    return {static_cast<SwapKind>(low >> swap_kind_shift & swap_kind_mask), low >> swap_slot_shift};
}

template <class F>
constexpr bool round_trip(SwapEntry e) {
    return is_swapped(encode<F>(e)) && swap_entry(encode<F>(e)) == e && (uint64_t{encode<F>(e).raw} >> 32) == 0;
}
static_assert(round_trip<mm::Classic>({SwapKind::disk, 0}) && round_trip<mm::Pae>({SwapKind::disk, 0}));
static_assert(round_trip<mm::Classic>({SwapKind::compressed, max_swap_slots - 1}) &&
              round_trip<mm::Pae>({SwapKind::compressed, max_swap_slots - 1}));
static_assert(!is_swapped(mm::Entry<mm::Classic>{}) && !is_swapped(mm::Entry<mm::Pae>::leaf(mm::Pfn{5}, {})));
static_assert(encode<mm::Classic>({SwapKind::compressed, 0x123}).raw == 0x12304);

}  // namespace guest
