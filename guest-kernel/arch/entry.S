// SPDX-License-Identifier: LGPL-2.1-or-later
// The way into the kernel and back: every interrupt, exception and system call. At 4:4 this file is the trampoline.
//
//   stack after the entry, low to high (kernel/trap_frame.hpp):
//   es ds | edi esi ebp - ebx edx ecx eax | vector error | eip cs eflags | esp ss  (the last two from ring 3 only)
#include "layout.inc"
#include ADDRESS_SPACE_SWITCH

    .set user_data, 0x23                // flat, usable in ring 0 too
    .set frame_bytes, 17 * 4
    .set frame_cs, 13 * 4

    .section .trampoline.text, "ax"

    // Everything between the vector number and the handler, and back.
    .macro handle with
    pushal
    pushl %ds
    pushl %es
    cld
    movl $user_data, %eax
    movl %eax, %ds
    movl %eax, %es
    enter_kernel
    pushl %esp                          // TrapFrame&
    call \with
    addl $4, %esp
    .endm

    // Sixteen bytes each: where gate i of the interrupt table points. Vectors 8, 10-14 and 17 push an error code.
    .balign 16
    .globl trap_stubs
trap_stubs:
    .set vector, 0
    .rept 48
    .balign 16
    .if (vector != 8) && (vector < 10 || vector > 14) && (vector != 17)
    pushl $0
    .endif
    pushl $vector
    jmp trap_entry
    .set vector, vector + 1
    .endr

    .balign 16
trap_entry:
    handle trap

    // A new process starts here, its stack holding a trap frame.
    .globl trap_return
trap_return:
    leave_kernel
    popl %es
    popl %ds
    popal
    addl $8, %esp
    iret

    // The system call gate: the same frame, its own handler.
    .balign 16
    .globl system_call_stub
system_call_stub:
    pushl $0
    pushl $0x80
    handle system_call_trap
    jmp trap_return
