// SPDX-License-Identifier: LGPL-2.1-or-later
// The multiboot header and the first instructions of the kernel beside it, and a span in assembler.
#include "zonescope.h"
    .text
    .long   0x1BADB002, 0, -0x1BADB002
    .globl  _start, assembler_span
_start:
    mov     $stack_end, %esp
    call    kernel
1:  hlt
    jmp     1b

assembler_span:
    zonescope_begin 1
    mov     0x310000, %ecx
    zonescope_end 1
    ret

    .bss
    .skip   4096
stack_end:
    .section .note.GNU-stack, "", @progbits
