// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the next entry from ring 3 finds its tables and stack, and the next return to ring 3 its tables.
#pragma once

#include <stdint.h>

#include "guest-kernel/arch/cr.hpp"
#include "guest-kernel/arch/tss.hpp"
#include "guest-kernel/config.hpp"

extern "C" uint32_t kernel_cr3, user_cr3, kernel_stack;  // used by the 4:4 trampoline alone
extern "C" char entry_stack_top[];

namespace guest {

// Once, before the first program: what the trampoline needs to find the kernel.
inline void start_crossing(uint32_t kernel_tables) {
    if constexpr (!layout.own_page_tables) return;
    kernel_cr3 = kernel_tables;
    task_state.esp0 = reinterpret_cast<uint32_t>(entry_stack_top);
}

// Traps from ring 3 will arrive on the stack that ends at `top`.
inline void set_kernel_stack(uint32_t top) {
    if constexpr (layout.own_page_tables) kernel_stack = top;
    else task_state.esp0 = top;
}

// Makes `cr3` the address space that ring 3 sees. At 4:4 that is the trampoline's business, on the way out.
inline void set_user_tables(uint32_t cr3) {
    if constexpr (layout.own_page_tables) user_cr3 = cr3;
    else write_cr3(cr3);
}

// What set_user_tables() set last.
inline uint32_t user_tables() {
    if constexpr (layout.own_page_tables) return user_cr3;
    else return read_cr3();
}

}  // namespace guest
