// SPDX-License-Identifier: LGPL-2.1-or-later
// Address kinds as types: a physical address, a linear address, a frame number and a page count cannot be mixed up.
//
//   VirtAddr --page_of-->  Vpn  --+ Pages--> Vpn      VirtAddr: a linear address, 32 bits
//   PhysAddr --frame_of--> Pfn  --+ Pages--> Pfn      PhysAddr: always 64 bits wide, with and without PAE
//
// Virtual <-> physical is not here: only a page walk or the guest's direct map can do that.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace mm {

inline constexpr unsigned page_shift = 12;
inline constexpr uint32_t page_size = uint32_t{1} << page_shift;  // bytes
inline constexpr uint32_t page_mask = page_size - 1;

// Storage, explicit construction and comparison; arithmetic is added per kind below.
template <class Self, class Rep>
struct Strong {
    using rep = Rep;
    Rep raw{};

    constexpr Strong() = default;
    constexpr explicit Strong(Rep r) : raw{r} {}

    friend constexpr bool operator==(Self a, Self b) { return a.raw == b.raw; }
    friend constexpr bool operator!=(Self a, Self b) { return a.raw != b.raw; }
    friend constexpr bool operator<(Self a, Self b) { return a.raw < b.raw; }
    friend constexpr bool operator<=(Self a, Self b) { return a.raw <= b.raw; }
    friend constexpr bool operator>(Self a, Self b) { return a.raw > b.raw; }
    friend constexpr bool operator>=(Self a, Self b) { return a.raw >= b.raw; }
};

struct VirtAddr : Strong<VirtAddr, uint32_t> { using Strong::Strong; };
struct PhysAddr : Strong<PhysAddr, uint64_t> { using Strong::Strong; };
struct Pages : Strong<Pages, uint32_t> { using Strong::Strong; };  // a distance, not a place
struct Pfn : Strong<Pfn, uint32_t> { using Strong::Strong; };      // page frame number
struct Vpn : Strong<Vpn, uint32_t> { using Strong::Strong; };      // linear page number

// Byte offsets move an address; the difference of two addresses of one kind is a byte count.
constexpr VirtAddr operator+(VirtAddr a, uint32_t bytes) { return VirtAddr{a.raw + bytes}; }
constexpr VirtAddr operator-(VirtAddr a, uint32_t bytes) { return VirtAddr{a.raw - bytes}; }
constexpr uint32_t operator-(VirtAddr a, VirtAddr b) { return a.raw - b.raw; }
constexpr PhysAddr operator+(PhysAddr a, uint64_t bytes) { return PhysAddr{a.raw + bytes}; }
constexpr PhysAddr operator-(PhysAddr a, uint64_t bytes) { return PhysAddr{a.raw - bytes}; }
constexpr uint64_t operator-(PhysAddr a, PhysAddr b) { return a.raw - b.raw; }

constexpr Pfn operator+(Pfn a, Pages n) { return Pfn{a.raw + n.raw}; }
constexpr Pfn operator-(Pfn a, Pages n) { return Pfn{a.raw - n.raw}; }
constexpr Pages operator-(Pfn a, Pfn b) { return Pages{a.raw - b.raw}; }
constexpr Pfn& operator++(Pfn& a) { return ++a.raw, a; }
constexpr Vpn operator+(Vpn a, Pages n) { return Vpn{a.raw + n.raw}; }
constexpr Vpn operator-(Vpn a, Pages n) { return Vpn{a.raw - n.raw}; }
constexpr Pages operator-(Vpn a, Vpn b) { return Pages{a.raw - b.raw}; }
constexpr Vpn& operator++(Vpn& a) { return ++a.raw, a; }
constexpr Pages operator+(Pages a, Pages b) { return Pages{a.raw + b.raw}; }
constexpr Pages operator-(Pages a, Pages b) { return Pages{a.raw - b.raw}; }
constexpr Pages& operator+=(Pages& a, Pages b) { return a.raw += b.raw, a; }
constexpr Pages& operator-=(Pages& a, Pages b) { return a.raw -= b.raw, a; }

constexpr PhysAddr address(Pfn f) { return PhysAddr{uint64_t{f.raw} << page_shift}; }
constexpr VirtAddr address(Vpn p) { return VirtAddr{p.raw << page_shift}; }
constexpr Pfn frame_of(PhysAddr a) { return Pfn{static_cast<uint32_t>(a.raw >> page_shift)}; }
constexpr Vpn page_of(VirtAddr a) { return Vpn{a.raw >> page_shift}; }
constexpr uint32_t offset_in_page(VirtAddr a) { return a.raw & page_mask; }
constexpr uint32_t offset_in_page(PhysAddr a) { return static_cast<uint32_t>(a.raw) & page_mask; }

// Whole pages in, or needed to hold, a number of bytes.
constexpr Pages pages_in(uint64_t bytes) { return Pages{static_cast<uint32_t>(bytes >> page_shift)}; }
constexpr Pages pages_for(uint64_t bytes) { return pages_in(bytes + page_mask); }
constexpr uint64_t bytes(Pages n) { return uint64_t{n.raw} << page_shift; }

constexpr uint64_t align_down(uint64_t value, uint64_t power_of_two) { return value & ~(power_of_two - 1); }
constexpr uint64_t align_up(uint64_t value, uint64_t power_of_two) {
    return align_down(value + power_of_two - 1, power_of_two);
}

static_assert(address(Pfn{0xFFFFFF}).raw == 0xFFFFFF000, "36-bit frames fit: PAE's 64 GiB");
static_assert(frame_of(PhysAddr{0x38000000}) == Pfn{229376}, "896 MiB is frame 229376");
static_assert(page_of(VirtAddr{0xC0000FFF}) == Vpn{0xC0000} && address(Vpn{0xC0000}) == VirtAddr{0xC0000000});
static_assert(Pfn{7} - Pfn{4} == Pages{3} && Pfn{4} + Pages{3} == Pfn{7});
static_assert(pages_for(1) == Pages{1} && pages_for(page_size) == Pages{1} && pages_in(page_size - 1) == Pages{0});

}  // namespace mm
