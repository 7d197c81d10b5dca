// SPDX-License-Identifier: LGPL-2.1-or-later
// What the 4:4 trampoline needs to know, mapped in every address space; see arch/crossing.hpp. SYSENTER starts on this
// stack with every split.

    .section .trampoline.data, "aw"
    .balign 16
    .globl kernel_cr3, user_cr3, kernel_stack, entry_stack_top
kernel_cr3:   .long 0
user_cr3:     .long 0
kernel_stack: .long 0
    .balign 16
    .skip 1024                          // one frame, and what a trap from ring 0 inside the trampoline would push
entry_stack_top:
