// SPDX-License-Identifier: LGPL-2.1-or-later
// The twins' machine: physical memory below 24 MiB and two address spaces over it, whose tables are changed by hand.
//
//   linear    0 - 16 MiB      physical memory as it is; 4 - 8 MiB, where this kernel is, by 4 KiB pages, the rest by large ones
//             its own         the local APIC, uncached, for twins of two processors
//             1 GiB           the window: slots as large as one page table serves; slot 0 has table(0), the others nothing
//   physical  8.5 MiB         tables that a twin may change
//             9 - 12 MiB      data frames
//             12 MiB          the frame that the CD's page table names (cdrom.hpp)
//             16, 20 MiB      two large frames
#pragma once

#include "guest-kernel/arch/cr.hpp"
#include "guest-kernel/config.hpp"
#include "mm/control.hpp"
#include "tests/stale/twin.hpp"

namespace twins {

using Format = guest::Format;
using Raw = Format::Raw;
using Entry = mm::Entry<Format>;

inline constexpr uint32_t slot_bytes = mm::large_page_size<Format>;
inline constexpr unsigned entries = mm::entries_per_table<Format>;

// Page n of a slot of the window.
constexpr mm::VirtAddr page(unsigned n, unsigned slot = 0) { return mm::VirtAddr{0x40000000 + slot * slot_bytes + n * mm::page_size}; }

// Where they do not share entries of Bochs' own direct-mapped TLB with the window.
constexpr mm::Pfn table(unsigned n) { return mm::Pfn{0x880 + n}; }
constexpr mm::Pfn data(unsigned n) { return mm::Pfn{0x900 + n}; }
inline constexpr mm::Pfn cd_frame{0xC00};
constexpr mm::Pfn large_frame(unsigned n) { return mm::Pfn{0x1000 + n * 0x400}; }

inline constexpr mm::VirtAddr local_apic{0xFEE00000};  // where it is in physical memory, too

inline constexpr mm::Permissions kernel_page{true, false, true, false}, user_page{true, true, true, false};
inline constexpr mm::Permissions read_only_page{false, false, true, false}, global_page{true, false, true, true};

constexpr Raw leaf(mm::Pfn frame, mm::Permissions p = kernel_page) { return Entry::leaf(frame, p).raw; }
constexpr Raw large_leaf(mm::Pfn first, mm::Permissions p = kernel_page) { return Entry::large_leaf(first, p).raw; }
constexpr Raw names(mm::Pfn table) { return Entry::table(table, true).raw; }

// What a physical address below 16 MiB holds.
template <class T> volatile T* at(mm::PhysAddr a) { return reinterpret_cast<volatile T*>(static_cast<uint32_t>(a.raw)); }

// Entry n of a table, and of slot 0's table.
inline volatile Raw& entry(mm::Pfn table, unsigned n) { return at<Raw>(mm::address(table))[n]; }
inline volatile Raw& entry(unsigned n) { return entry(table(0), n); }

// The directory entry of a slot of the window, and of the page of this kernel that holds an address.
volatile Raw& slot_entry(unsigned slot, unsigned space = 0);
volatile Raw& own_entry(mm::VirtAddr);

// The value of CR3, and PAE's pointer to the window's directory: nullptr in classic paging.
uint32_t root(unsigned space);
volatile Raw* window_pointer(unsigned space);
mm::Pfn window_directory(unsigned space);

// Everything, global or not (SDM vol. 3, 4.10.4.1): CR4.PGE changes.
inline void flush_all() {
    const uint32_t cr4 = guest::read_cr4();
    guest::write_cr4(cr4 ^ mm::cr4_pge);
    guest::write_cr4(cr4);
}
inline void flush_not_global() { guest::write_cr3(guest::read_cr3()); }

// Whether programs may use the pages of this kernel, as they may from the start: CR4.SMEP lets the kernel run in no such pages.
void open_own_pages(bool open);

// What most twins do: page 0 of the window is mapped and used, changed, in the good twin flushed, and used again.
template <void (*change)(), void (*use)()> void change_between_uses(Side side) {
    entry(0) = leaf(data(0));
    use();
    change();
    if (side == Side::good) guest::invlpg(page(0));
    use();
}

// Tables, and paging on. On another processor only the latter. Then, before and after each twin: space 0, an empty window, an identity mapping, nothing cached.
void start_paging();
void turn_paging_on();
void reset();

}  // namespace twins
