// SPDX-License-Identifier: LGPL-2.1-or-later
// Through all modes of the processor and back, again and again: real, virtual 8086, compatibility, 64-bit.
#include "guest-kernel/arch/idt.hpp"
#include "guest-kernel/arch/table_register.hpp"
#include "tests/odd/odd.hpp"
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

extern "C" {
void through_real_mode();
void through_virtual_8086_mode();
void from_virtual_8086_mode();
void through_pae_mode(uint32_t root);
void through_long_mode(uint32_t root);
void page_fault_64();
extern char low_code[], low_code_end[];
extern uint64_t idt64_page_fault[2];
}

namespace odd::mode_switches {

using namespace twins;

constexpr unsigned rounds = 20;
constexpr uint32_t low_stub = 0x8000;

void copy_low_code() { __builtin_memcpy(reinterpret_cast<void*>(low_stub), low_code, static_cast<size_t>(low_code_end - low_code)); }

void use_window() {
    write(page(0), read(page(1)));
    (void)read(page(2));
}
void map_window() {
    for (unsigned n = 0; n < 2; ++n) entry(n) = leaf(data(n));
}

void real_mode() {
    copy_low_code();
    map_window();
    for (unsigned n = 0; n < rounds; ++n) through_real_mode(), use_window();
}
[[gnu::section(".twins"), gnu::used]] const Odd real{"real-mode", real_mode};

// The directory entry of the first megabytes, which programs may use meanwhile.
volatile Raw& low_entry() {
    const uint64_t directory = window_pointer(0) ? *at<uint64_t>(mm::PhysAddr{root(0)}) & ~uint64_t{mm::page_mask} : root(0);
    return *at<Raw>(mm::PhysAddr{directory});
}

void virtual_8086_mode() {
    copy_low_code();
    map_window();
    guest::TableRegister idtr;
    asm volatile("sidt %0" : "=m"(idtr));
    auto& gate = const_cast<guest::Gate*>(static_cast<const guest::Gate*>(idtr.base))[0x30];
    const guest::Gate before = gate;
    const Raw entry_before = low_entry();
    gate = guest::Gate::interrupt(reinterpret_cast<uint32_t>(from_virtual_8086_mode), 3);
    low_entry() = static_cast<Raw>(entry_before | mm::entry_bit::user);
    flush_all();
    for (unsigned n = 0; n < rounds; ++n) through_virtual_8086_mode(), use_window();
    gate = before;
    low_entry() = entry_before;
    flush_all();
}
[[gnu::section(".twins"), gnu::used]] const Odd virtual_8086{"virtual-8086-mode", virtual_8086_mode};

// Four levels: 16 MiB as they are, a window of eight pages at 1 GiB in both halves of the linear address space, and a page of 1 GiB. The same
// directories serve PAE paging, whose pointers have fewer bits (SDM vol. 3, table 4-8).
struct alignas(mm::page_size) LongTable {
    volatile uint64_t entries[512];
};
LongTable top, pointers, pae_pointers, low_directory, window_directory_64, window_table;

constexpr uint64_t long_present = mm::entry_bit::present | mm::entry_bit::writable;
uint64_t name_of(const LongTable& t) { return reinterpret_cast<uint32_t>(&t) | long_present; }

void long_mode() {
    constexpr unsigned window_pages = 8;
    constexpr uint16_t interrupt_gate_64 = 0x8E00, code64 = 0x28;
    top.entries[0] = top.entries[256] = name_of(pointers);
    pointers.entries[0] = name_of(low_directory);
    pointers.entries[1] = name_of(window_directory_64);
    pointers.entries[2] = long_present | mm::entry_bit::page_size;
    for (unsigned n = 0; n < 2; ++n) pae_pointers.entries[n] = pointers.entries[n] & ~uint64_t{mm::entry_bit::writable};
    for (unsigned n = 0; n < 8; ++n) low_directory.entries[n] = uint64_t{n} << 21 | long_present | mm::entry_bit::page_size;
    window_directory_64.entries[0] = name_of(window_table);
    for (unsigned n = 0; n < window_pages; ++n) window_table.entries[n] = mm::address(data(n)).raw | long_present;
    const auto handler = reinterpret_cast<uint32_t>(page_fault_64);
    idt64_page_fault[0] = (uint64_t{handler} & 0xFFFF0000) << 32 | uint64_t{interrupt_gate_64} << 32 | uint32_t{code64} << 16 | (handler & 0xFFFF);
    map_window();
    for (unsigned n = 0; n < rounds; ++n) {
        through_pae_mode(reinterpret_cast<uint32_t>(&pae_pointers)), use_window();
        through_long_mode(reinterpret_cast<uint32_t>(&top)), use_window();
    }
}
[[gnu::section(".twins"), gnu::used]] const Odd long_{"long-mode", long_mode};

}  // namespace odd::mode_switches
