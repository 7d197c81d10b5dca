// SPDX-License-Identifier: LGPL-2.1-or-later
// Where every ring-3 program begins: eax = argument, edx = main, esp = top of the stack.

    .set call_exit, 1

    .text
    .globl program_start
program_start:
    xorl %ebp, %ebp
    pushl %eax
    call *%edx
    movl %eax, %ebx
    movl $call_exit, %eax
    int $0x80
