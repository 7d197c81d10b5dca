// SPDX-License-Identifier: LGPL-2.1-or-later
// Page-directory and page-table entries of both 32-bit formats (SDM vol. 3, tables 4-4 to 4-6 and 4-8 to 4-11).
//
//   bit  63 | 62..M | M-1 .. 12      | 11..9   8  7      6  5  4    3    2    1    0
//        XD |   0   | frame          | avail.  G  PS/PAT D  A  PCD  PWT  U/S  R/W  P
//
// Classic entries are the low 32 bits. A 4 MiB classic page keeps its frame in bits 31:22, and physical bits 39:32 in
// bits 20:13 (PSE-36); a 2 MiB PAE page keeps its frame in bits M-1:21. M is MAXPHYADDR.
#pragma once

#include "mm/addr.hpp"

namespace mm {

// 32-bit paging: one directory of 1024 entries at CR3, tables of 1024 entries.
struct Classic {
    using Raw = uint32_t;
    static constexpr unsigned index_bits = 10;
    static constexpr const char* label = "classic";
    struct Root { PhysAddr directory; };
};

// PAE: four PDPTE registers, loaded when CR3 is written, each naming a directory of 512 entries; tables of 512 entries.
struct Pae {
    using Raw = uint64_t;
    static constexpr unsigned index_bits = 9;
    static constexpr const char* label = "pae";
    struct Root { uint64_t pdpte[4]; };
};

template <class F> inline constexpr unsigned entries_per_table = 1u << F::index_bits;
template <class F> inline constexpr unsigned directory_shift = page_shift + F::index_bits;  // 22 or 21
template <class F> inline constexpr uint32_t large_page_size = 1u << directory_shift<F>;    // bytes
template <class F> inline constexpr Pages large_page_frames{entries_per_table<F>};

template <class F> constexpr unsigned table_index(VirtAddr a) { return (a.raw >> page_shift) & (entries_per_table<F> - 1); }
template <class F> constexpr unsigned directory_index(VirtAddr a) { return (a.raw >> directory_shift<F>) & (entries_per_table<F> - 1); }
constexpr unsigned pdpte_index(VirtAddr a) { return a.raw >> 30; }

// What a mapping allows; the format's bits appear only in encode and decode below.
struct Permissions {
    bool write = false;
    bool user = false;
    bool execute = true;
    bool global = false;
};
constexpr bool operator==(Permissions a, Permissions b) {
    return a.write == b.write && a.user == b.user && a.execute == b.execute && a.global == b.global;
}

namespace entry_bit {
inline constexpr uint64_t present = 1u << 0, writable = 1u << 1, user = 1u << 2, write_through = 1u << 3,
                          cache_disable = 1u << 4, accessed = 1u << 5, dirty = 1u << 6, page_size = 1u << 7,
                          global = 1u << 8, no_execute = uint64_t{1} << 63;
}

template <class F>
struct Entry {
    using Raw = typename F::Raw;
    Raw raw = 0;

    constexpr Entry() = default;
    constexpr explicit Entry(Raw r) : raw{r} {}

    constexpr bool has(uint64_t bit) const { return (uint64_t{raw} & bit) != 0; }
    constexpr bool present() const { return has(entry_bit::present); }
    constexpr bool writable() const { return has(entry_bit::writable); }
    constexpr bool user() const { return has(entry_bit::user); }
    constexpr bool accessed() const { return has(entry_bit::accessed); }
    constexpr bool dirty() const { return has(entry_bit::dirty); }
    constexpr bool page_size_bit() const { return has(entry_bit::page_size); }  // PS in a directory entry
    constexpr bool global() const { return has(entry_bit::global); }
    constexpr bool no_execute() const { return has(entry_bit::no_execute); }    // never set in a classic entry

    // Frame of the table or 4 KiB page; 40 physical address bits at most.
    constexpr Pfn frame() const { return Pfn{static_cast<uint32_t>((uint64_t{raw} & 0x000000FFFFFFF000) >> page_shift)}; }

    // First frame of the large page that a directory entry maps.
    constexpr Pfn large_frame() const {
        const uint64_t low = uint64_t{raw} & 0x000000FFFFFFF000 & ~uint64_t{large_page_size<F> - 1};
        const uint64_t pse36 = sizeof(Raw) == 4 ? (uint64_t{raw} >> 13 & 0xFF) << 32 : 0;
        return frame_of(PhysAddr{low | pse36});
    }

    constexpr Permissions permissions() const { return {writable(), user(), !no_execute(), global()}; }

    constexpr Entry with(uint64_t bits) const { return Entry{static_cast<Raw>(raw | bits)}; }
    constexpr Entry without(uint64_t bits) const { return Entry{static_cast<Raw>(raw & ~bits)}; }

    static constexpr Entry leaf(Pfn frame, Permissions p) { return Entry{static_cast<Raw>(address(frame).raw | encode(p))}; }
    static constexpr Entry large_leaf(Pfn first, Permissions p) {
        const uint64_t at = address(first).raw;
        const uint64_t place = sizeof(Raw) == 4 ? (at & 0xFFC00000) | (at >> 32 & 0xFF) << 13 : at;
        return Entry{static_cast<Raw>(place | encode(p) | entry_bit::page_size)};
    }
    // A directory entry that names a table; permission is left to the table's entries.
    static constexpr Entry table(Pfn frame, bool user) {
        return leaf(frame, {true, user, true, false});
    }

private:
    static constexpr uint64_t encode(Permissions p) {
        return entry_bit::present | (p.write ? entry_bit::writable : 0) | (p.user ? entry_bit::user : 0) |
               (p.global ? entry_bit::global : 0) | (!p.execute && sizeof(Raw) == 8 ? entry_bit::no_execute : 0);
    }
};

template <class F> constexpr bool operator==(Entry<F> a, Entry<F> b) { return a.raw == b.raw; }
template <class F> constexpr bool operator!=(Entry<F> a, Entry<F> b) { return a.raw != b.raw; }

static_assert((sizeof(Entry<Classic>) << Classic::index_bits) == page_size && (sizeof(Entry<Pae>) << Pae::index_bits) == page_size);
static_assert(directory_shift<Classic> == 22 && directory_shift<Pae> == 21);
static_assert(Entry<Classic>::leaf(Pfn{0x12345}, {true, true, true, false}).raw == 0x12345007);
static_assert(Entry<Classic>::large_leaf(Pfn{0x400}, {true, false, true, true}).raw == 0x00400183);
static_assert(Entry<Classic>::large_leaf(frame_of(PhysAddr{0x9'0040'0000}), {}).large_frame() == Pfn{0x900400}, "PSE-36");
static_assert(Entry<Pae>::leaf(Pfn{0xFFFFFF}, {false, true, false, false}).raw == 0x8000000FFFFFF005);
static_assert(Entry<Pae>::large_leaf(Pfn{0x800200}, {}).large_frame() == Pfn{0x800200});
static_assert(Entry<Pae>::leaf(Pfn{1}, {true, true, false, true}).permissions() == Permissions{true, true, false, true});

}  // namespace mm
