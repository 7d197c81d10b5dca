// SPDX-License-Identifier: LGPL-2.1-or-later
// switch_stack(uint32_t* save, uint32_t load): the heart of a context switch.

    .text
    .globl switch_stack
switch_stack:
    movl 4(%esp), %eax
    movl 8(%esp), %edx
    pushl %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    movl %esp, (%eax)
    movl %edx, %esp
    popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    ret
