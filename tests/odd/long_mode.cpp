// SPDX-License-Identifier: LGPL-2.1-or-later
// Through PAE paging and long mode and back, again and again, with tables that lead into themselves, into devices, and beyond memory.
#include "tests/odd/odd.hpp"
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

// A linear address that 64-bit mode reads, and writes back what it read if it is to.
struct Use {
    uint64_t linear, write;
};
constexpr unsigned most_uses = 512;

extern "C" {
void through_pae_mode(uint32_t root);
void through_long_mode(uint32_t root);
void page_fault_64();
extern uint64_t idt64_page_fault[2];
Use odd_uses[most_uses + 1];  // until an address is 0
uint64_t nowhere_root;
}

namespace odd::long_mode {

using namespace twins;

constexpr unsigned rounds = 20;

// Four levels: 16 MiB as they are, a window of eight pages at 1 GiB in both halves of the linear address space, and a page of 1 GiB. The same
// directories serve PAE paging, whose pointers have fewer bits (SDM vol. 3, table 4-8).
struct alignas(mm::page_size) Table {
    volatile uint64_t entries[512];
};
Table top, pointers, pae_pointers, low_directory, window_directory, window_table;

constexpr uint64_t present = mm::entry_bit::present | mm::entry_bit::writable;
uint64_t name_of(const Table& t) { return reinterpret_cast<uint32_t>(&t) | present; }

// Entry `index` of the table of each level, from the top's on: where the walk is to go.
constexpr uint64_t linear_of(unsigned pml4, unsigned pdpt, unsigned directory, unsigned table) {
    return (uint64_t{pml4} << 39 | uint64_t{pdpt} << 30 | uint64_t{directory} << 21 | uint64_t{table} << 12) | (pml4 & 256 ? 0xFFFF000000000000 : 0);
}
static_assert(linear_of(256, 1, 0, 0) == 0xFFFF800040000000);

class Uses {
public:
    Uses() { odd_uses[0] = {}; }
    void add(uint64_t linear, bool write) {
        if (count_ < most_uses) odd_uses[count_++] = {linear, write}, odd_uses[count_] = {};
    }

private:
    unsigned count_ = 0;
};

void make_tables() {
    constexpr unsigned window_pages = 8;
    constexpr uint16_t interrupt_gate_64 = 0x8E00, code64 = 0x28;
    top.entries[0] = top.entries[256] = name_of(pointers);
    pointers.entries[0] = name_of(low_directory);
    pointers.entries[1] = name_of(window_directory);
    pointers.entries[2] = present | mm::entry_bit::page_size;
    for (unsigned n = 0; n < 2; ++n) pae_pointers.entries[n] = pointers.entries[n] & ~uint64_t{mm::entry_bit::writable};
    for (unsigned n = 0; n < 8; ++n) low_directory.entries[n] = uint64_t{n} << 21 | present | mm::entry_bit::page_size;
    window_directory.entries[0] = name_of(window_table);
    for (unsigned n = 0; n < window_pages; ++n) window_table.entries[n] = mm::address(data(n)).raw | present;
    const auto handler = reinterpret_cast<uint32_t>(page_fault_64);
    idt64_page_fault[0] = (uint64_t{handler} & 0xFFFF0000) << 32 | uint64_t{interrupt_gate_64} << 32 | uint32_t{code64} << 16 | (handler & 0xFFFF);
    for (unsigned n = 0; n < 2; ++n) entry(n) = leaf(data(n));
}

void use_window() {
    write(page(0), read(page(1)));
    (void)read(page(2));
}

void switch_modes() {
    make_tables();
    for (unsigned n = 0; n < rounds; ++n) {
        through_pae_mode(reinterpret_cast<uint32_t>(&pae_pointers)), use_window();
        through_long_mode(reinterpret_cast<uint32_t>(&top)), use_window();
    }
}

void usual() {
    Uses none;
    switch_modes();
}
[[gnu::section(".twins"), gnu::used]] const Odd usual_{"long-mode", usual};

// The top is a table of each level of itself; below are tables in other places. What is in ROM and in the display's memory may map
// anything: it is only read.
void odd_tables() {
    constexpr unsigned itself = 1, reserved = 2, first_place = 4;
    struct Place {
        uint64_t address;
        bool write;
    };
    constexpr Place places[] = {
        {0xFEE00000, true}, {0xFEC00000, true}, {0xE0000000, true},     // local and I/O APIC, frame buffer
        {0xB8000, false},   {0xF0000, false},   {0xFFFFF000, false},    // text memory, ROM
        {0xD0000000, true}, {0x7FFF0000, true}, {0x7000000000, true},   // nothing, beyond memory, beyond 4 GiB
    };
    Uses uses;
    make_tables();
    top.entries[itself] = name_of(top);
    top.entries[reserved] = name_of(pointers) | mm::entry_bit::page_size;
    top.entries[reserved + 1] = name_of(pointers) | uint64_t{1} << 51;
    uses.add(linear_of(itself, itself, itself, itself), true);  // the top as a page
    uses.add(linear_of(itself, itself, itself, 0), true);       // the pointers as one
    uses.add(linear_of(itself, itself, 0, 1), true);
    uses.add(linear_of(itself, itself, itself, 256), false);
    uses.add(linear_of(reserved, 0, 0, 0), true);
    uses.add(linear_of(reserved + 1, 0, 0, 0), true);
    unsigned n = first_place;
    for (const Place& place : places) {  // a table of each level but the top
        top.entries[n] = pointers.entries[n] = window_directory.entries[n] = place.address | present;
        for (unsigned index = 0; index < 512; index += 37) {
            uses.add(linear_of(n, index, 0, index), place.write);
            uses.add(linear_of(0, n, index, index), place.write);
            uses.add(linear_of(256, 1, n, index), place.write);
        }
        ++n;
    }
    switch_modes();
    for (unsigned m = 1; m < n; ++m) top.entries[m] = 0;
    for (unsigned m = first_place; m < n; ++m) pointers.entries[m] = window_directory.entries[m] = 0;
}
[[gnu::section(".twins"), gnu::used]] const Odd odd_tables_{"long-mode-tables", odd_tables};

void root_nowhere() {
    Uses none;
    nowhere_root = 0x7FFF0000;
    switch_modes();
}
[[gnu::section(".twins"), gnu::used]] const Odd root_nowhere_{"long-root-nowhere", root_nowhere, End::ends_the_run};

}  // namespace odd::long_mode
