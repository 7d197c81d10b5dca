// SPDX-License-Identifier: LGPL-2.1-or-later
// From the multiboot loader (32-bit protected mode, paging off) to twins_main.

    .set multiboot_magic, 0x1BADB002
    .set stack_bytes, 16384

    .section .multiboot, "a"
    .balign 4
    .long multiboot_magic, 0, -multiboot_magic

    // eax = 0x2BADB002, ebx = physical address of the multiboot information.
    .text
    .globl start
start:
    cli
    cld
    movl $stack + stack_bytes, %esp
    xorl %ebp, %ebp
    pushl %ebx
    call twins_main
1:  hlt
    jmp 1b

    .bss
    .balign 16
stack:
    .skip stack_bytes
