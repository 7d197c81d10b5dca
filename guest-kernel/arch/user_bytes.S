// SPDX-License-Identifier: LGPL-2.1-or-later
// copy_user_bytes(to, from, bytes): 0, or 1 if an address could not be accessed. The page-fault handler continues a
// fault between user_bytes_begin and user_bytes_fault, that it cannot resolve, at user_bytes_fault.

    .text
    .globl copy_user_bytes, user_bytes_begin, user_bytes_fault
copy_user_bytes:
    pushl %esi
    pushl %edi
    movl 12(%esp), %edi
    movl 16(%esp), %esi
    movl 20(%esp), %edx
    movl %edx, %ecx
    shrl $2, %ecx
    andl $3, %edx
user_bytes_begin:
    rep movsl
    movl %edx, %ecx
    rep movsb
    xorl %eax, %eax
    popl %edi
    popl %esi
    ret
user_bytes_fault:
    movl $1, %eax
    popl %edi
    popl %esi
    ret
