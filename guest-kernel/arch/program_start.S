// SPDX-License-Identifier: LGPL-2.1-or-later
// Where every ring-3 program begins: eax = argument, esp = top of the stack; and where a thread does, with its function and
// the argument on its stack. build-aux/make-initramfs says which function is program_main.

    .set call_exit, 1

    .text
    .globl program_start
program_start:
    xorl %ebp, %ebp
    pushl %eax
    call program_main
    movl %eax, %ebx
    movl $call_exit, %eax
    int $0x80

    .globl thread_start
thread_start:
    xorl %ebp, %ebp
    popl %edx
    call *%edx
    movl %eax, %ebx
    movl $call_exit, %eax
    int $0x80
