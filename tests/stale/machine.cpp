// SPDX-License-Identifier: LGPL-2.1-or-later
// Builds the tables and takes them back to where a twin begins.
#include "tests/stale/machine.hpp"

#include "guest-kernel/arch/msr.hpp"

extern "C" char pages_start[], pages_end[];

namespace twins {
namespace {

constexpr bool pae = sizeof(Raw) == 8;
constexpr unsigned spaces = 2, directories = pae ? 4 : 1, twin_tables = 8;
constexpr uint32_t own_start = 4 * mm::mebibyte, own_end = 8 * mm::mebibyte, identity_end = 16 * mm::mebibyte;
constexpr unsigned own_tables = (own_end - own_start) / slot_bytes;
constexpr uint32_t cr4_osfxsr = 1 << 9;  // SSE, which one twin stores by

struct alignas(mm::page_size) Table {
    volatile Raw entries[mm::entries_per_table<Format>];
};
Table directory[spaces][directories], own_table[own_tables];
alignas(32) volatile Raw pointers[spaces][4];  // PAE's

mm::PhysAddr physical(const volatile void* p) { return mm::PhysAddr{reinterpret_cast<uint32_t>(p)}; }
mm::Pfn frame_of(const Table& t) { return mm::frame_of(physical(&t)); }

volatile Raw& directory_entry(mm::VirtAddr a, unsigned space) {
    return directory[space][pae ? a.raw >> 30 : 0].entries[mm::directory_index<Format>(a)];
}

void map_identity() {
    for (unsigned space = 0; space < spaces; ++space)
        for (uint32_t a = 0; a < identity_end; a += slot_bytes) {
            const bool own = a >= own_start && a < own_end;
            directory_entry(mm::VirtAddr{a}, space) = own ? names(frame_of(own_table[(a - own_start) / slot_bytes]))
                                                          : large_leaf(mm::frame_of(mm::PhysAddr{a}));
        }
    constexpr uint32_t apic = local_apic.raw & ~(slot_bytes - 1);
    for (unsigned space = 0; space < spaces; ++space)
        directory_entry(local_apic, space) = large_leaf(mm::frame_of(mm::PhysAddr{apic})) | mm::entry_bit::write_through | mm::entry_bit::cache_disable;
    for (uint32_t a = own_start; a < own_end; a += mm::page_size)
        own_entry(mm::VirtAddr{a}) = leaf(mm::frame_of(mm::PhysAddr{a}), user_page);
}

void set_pointers() {
    if constexpr (pae)
        for (unsigned space = 0; space < spaces; ++space)
            for (unsigned i = 0; i < 4; ++i) pointers[space][i] = mm::address(frame_of(directory[space][i])).raw | mm::entry_bit::present;
}

}  // namespace

volatile Raw& slot_entry(unsigned slot, unsigned space) { return directory_entry(page(0, slot), space); }
volatile Raw& own_entry(mm::VirtAddr a) { return own_table[(a.raw - own_start) / slot_bytes].entries[mm::table_index<Format>(a)]; }

uint32_t root(unsigned space) { return static_cast<uint32_t>(pae ? physical(pointers[space]).raw : physical(&directory[space][0]).raw); }
volatile Raw* window_pointer(unsigned space) { return pae ? &pointers[space][page(0).raw >> 30] : nullptr; }
mm::Pfn window_directory(unsigned space) { return frame_of(directory[space][pae ? page(0).raw >> 30 : 0]); }

void open_own_pages(bool open) {
    for (uint32_t a = own_start; a < own_end; a += mm::page_size) {
        volatile Raw& own = own_entry(mm::VirtAddr{a});
        own = open ? own | mm::entry_bit::user : own & ~Raw{mm::entry_bit::user};
    }
    flush_all();
}

void start_paging() {
    map_identity();
    set_pointers();
    turn_paging_on();
}

void turn_paging_on() {
    if constexpr (pae) guest::write_msr(guest::msr_efer, guest::read_msr(guest::msr_efer) | mm::efer_nxe);
    guest::write_cr4(guest::read_cr4() | mm::cr4_pse | mm::cr4_pge | cr4_osfxsr | (pae ? mm::cr4_pae : 0));
    guest::write_cr3(root(0));
    guest::write_cr0(guest::read_cr0() | mm::cr0_pg | mm::cr0_wp);
}

void reset() {
    set_pointers();
    for (unsigned space = 0; space < spaces; ++space)
        for (unsigned slot = 0; slot < twin_tables; ++slot) slot_entry(slot, space) = 0;
    for (unsigned t = 0; t < twin_tables; ++t)
        for (unsigned n = 0; n < entries; ++n) entry(table(t), n) = 0;
    for (const char* p = pages_start; p < pages_end; p += mm::page_size)
        own_entry(mm::VirtAddr{reinterpret_cast<uint32_t>(p)}) = leaf(mm::frame_of(physical(p)), user_page);
    guest::write_cr3(root(0));
    flush_all();
    slot_entry(0) = names(table(0));
}

}  // namespace twins
