// SPDX-License-Identifier: LGPL-2.1-or-later
// From the multiboot loader (32-bit protected mode, paging off) to kernel_main at its linked address.
#include "layout.inc"

    .set multiboot_magic, 0x1BADB002
    .set multiboot_flags, 3             // modules page-aligned; memory map wanted

    .section .multiboot, "a"
    .balign 4
    .long multiboot_magic, multiboot_flags, -(multiboot_magic + multiboot_flags)

    // eax = 0x2BADB002, ebx = physical address of the multiboot information. Runs at its load address.
    .text
    .globl start
start:
    cli
    cld
    movl %eax, %ebp
    movl $(boot_stack + 8192 - KERNEL_BASE), %esp
#include "guest-kernel/arch/check-cpu.inc"
#include BOOT_PAGING
    movl $high, %ecx
    jmp *%ecx                           // absolute: leaves the identity mapping
high:
    movl $(boot_stack + 8192), %esp
    movl %ebp, %eax
    xorl %ebp, %ebp                     // ends back traces
    pushl %ebp
    pushl %ebx
    pushl %eax
    call kernel_main

    // Holds the boot process's Process at its low end, like every kernel stack; with 4 KiB stacks, its upper half does.
    .bss
    .balign 8192
    .globl boot_stack
boot_stack:
    .skip 8192
