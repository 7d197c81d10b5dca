// SPDX-License-Identifier: LGPL-2.1-or-later
// Through all modes of the processor and back, again and again: real and virtual 8086 mode; the others are in long_mode.cpp.
#include "guest-kernel/arch/idt.hpp"
#include "guest-kernel/arch/table_register.hpp"
#include "tests/odd/odd.hpp"
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

extern "C" {
void through_real_mode();
void through_virtual_8086_mode();
void from_virtual_8086_mode();
extern char low_code[], low_code_end[];
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

}  // namespace odd::mode_switches
