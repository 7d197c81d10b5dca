// SPDX-License-Identifier: LGPL-2.1-or-later
// SYSENTER's three registers (SDM vol. 4, table 2-2).
#pragma once

#include "guest-kernel/arch/cpuid.hpp"
#include "guest-kernel/arch/gdt.hpp"
#include "guest-kernel/arch/msr.hpp"

extern "C" char sysenter_entry[], entry_stack_top[];

namespace guest {

inline constexpr uint32_t msr_sysenter_cs = 0x174, msr_sysenter_esp = 0x175, msr_sysenter_eip = 0x176;

// The processor derives the other three selectors from the first (SDM vol. 2, SYSENTER and SYSEXIT).
constexpr auto selector(Selector s) { return static_cast<unsigned>(s); }
static_assert(selector(Selector::kernel_data) == selector(Selector::kernel_code) + 8 &&
              selector(Selector::user_code) == selector(Selector::kernel_code) + 16 + 3 &&
              selector(Selector::user_data) == selector(Selector::kernel_code) + 24 + 3);

// The first Pentium Pros report SEP and do not have it (SDM vol. 2, SYSENTER).
inline bool sep_is_true(uint32_t signature) {
    const uint32_t family = signature >> 8 & 15, model = signature >> 4 & 15, stepping = signature & 15;
    return !(family == 6 && model < 3 && stepping < 3);
}

// Opens this way into the kernel, if the processor has it.
inline void start_sysenter() {
    if (!sep_is_true(cpu_signature)) forget(Feature::sep);
    if (!cpu_has(Feature::sep)) return;
    write_msr(msr_sysenter_cs, selector(Selector::kernel_code));
    write_msr(msr_sysenter_esp, reinterpret_cast<uint32_t>(entry_stack_top));
    write_msr(msr_sysenter_eip, reinterpret_cast<uint32_t>(sysenter_entry));
}

}  // namespace guest
