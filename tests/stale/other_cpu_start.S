// SPDX-License-Identifier: LGPL-2.1-or-later
// The other processor's way from real mode to other_cpu_main. What stands between other_cpu_start and other_cpu_end is copied to where the
// processor starts, and addresses itself from there.

    .set kernel_code, 0x08
    .set kernel_data, 0x10
    .set cr0_pe, 1
    .set stack_bytes, 8192

    .text
    .code16
    .globl other_cpu_start, other_cpu_gdtr, other_cpu_end
other_cpu_start:
    cli
    cld
    movw %cs, %ax
    movw %ax, %ds
    lgdtl other_cpu_gdtr - other_cpu_start
    movl %cr0, %eax
    orl $cr0_pe, %eax
    movl %eax, %cr0
    ljmpl $kernel_code, $protected
    .balign 4
other_cpu_gdtr:                         // the first processor's, put into the copy
    .skip 6
other_cpu_end:

    .code32
protected:
    movl $kernel_data, %eax
    movl %eax, %ss
    movl %eax, %ds
    movl %eax, %es
    xorl %eax, %eax
    movl %eax, %fs
    movl %eax, %gs
    movl $other_cpu_stack + stack_bytes, %esp
    xorl %ebp, %ebp
    call other_cpu_main

    // The interrupt that tells this processor to do something.
    .globl told_stub
told_stub:
    pushal
    cld
    call handle_told
    popal
    iret

    .bss
    .balign 16
other_cpu_stack:
    .skip stack_bytes
