// SPDX-License-Identifier: LGPL-2.1-or-later
// Page tables, and under PAE a directory, in display memory, in the interrupt controllers, in ROM, and where nothing is.
#include "tests/odd/odd.hpp"
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace odd::tables_elsewhere {

using namespace twins;

constexpr mm::Pfn text_memory{0xB8};
constexpr mm::Pfn places[] = {
    mm::Pfn{0xA0},    text_memory,       // graphics and text memory
    mm::Pfn{0xC0},    mm::Pfn{0xF0},     // the display's BIOS, the BIOS
    mm::Pfn{0xFFFFF}, mm::Pfn{0xFEC00}, mm::Pfn{0xFEE00},  // ROM below 4 GiB, I/O and local APIC
    mm::Pfn{0xE0000}, mm::Pfn{0xD0000},  // PCI: the display's frame buffer, and nothing
    mm::Pfn{0x7FFF0},                    // beyond the end of memory
};

void touch(unsigned slot) {
    for (unsigned n = 0; n < entries; n += 37) {
        (void)read(page(n, slot));
        write(page(n, slot));
    }
}

void of_tables() {
    for (const mm::Pfn place : places) {
        slot_entry(1) = names(place);
        flush_all();
        touch(1);
    }
}
[[gnu::section(".twins"), gnu::used]] const Odd tables{"tables-elsewhere", of_tables};

// Entries that map something, in text memory: walks set their A and D there.
void in_text_memory() {
    for (unsigned n = 0; n < 64; ++n) entry(text_memory, n) = leaf(data(n));
    slot_entry(1) = names(text_memory);
    flush_all();
    for (unsigned n = 0; n < 64; ++n) write(page(n, 1), read(page(n, 1)) + n);
    for (unsigned n = 0; n < 64; ++n) entry(text_memory, n) = 0;
}
[[gnu::section(".twins"), gnu::used]] const Odd text{"table-in-text-memory", in_text_memory};

void of_directories() {
    volatile Raw* const pointer = window_pointer(0);
    if (!pointer) return;  // classic paging has one directory: see roots.cpp
    const Raw before = *pointer;
    for (const mm::Pfn place : places) {
        *pointer = static_cast<Raw>(mm::address(place).raw | mm::entry_bit::present);
        guest::write_cr3(root(0));
        touch(1);
    }
    *pointer = before;
    guest::write_cr3(root(0));
}
[[gnu::section(".twins"), gnu::used]] const Odd directories{"directories-elsewhere", of_directories};

// Pages, not tables, where no memory is, and far beyond what the machine has.
void of_pages() {
    for (const mm::Pfn place : places) {
        entry(0) = leaf(place);
        guest::invlpg(page(0));
        (void)read(page(0));
    }
    slot_entry(1) = large_leaf(mm::Pfn{0x8000000});  // bit 39: PSE-36, or a PAE frame
    flush_all();
    (void)read(page(5, 1));
    write(page(6, 1));
}
[[gnu::section(".twins"), gnu::used]] const Odd pages{"pages-elsewhere", of_pages};

}  // namespace odd::tables_elsewhere
