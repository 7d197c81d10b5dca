// SPDX-License-Identifier: LGPL-2.1-or-later
// System calls by either way, for ring-3 programs: eax, ebx, ecx, edx as in abi.hpp; the message word comes back in ebx.
// Clobbers ecx and edx. What Linux has in its vsyscall page; see arch/system_call.hpp.

    .text
    .globl call_by_interrupt, call_by_sysenter, call_with_flags
call_by_interrupt:
    int $0x80
    movl %ecx, %ebx
    ret

call_by_sysenter:
    pushl %ebp
    pushl %edi
    movl $1f, %edi
    movl %esp, %ebp
    sysenter
1:  popl %edi
    popl %ebp
    ret

    // For tests: call_with_flags(flags) makes the null call by SYSENTER with EFLAGS as given.
call_with_flags:
    pushl %ebp
    pushl %edi
    pushl %ebx
    xorl %eax, %eax
    movl $1f, %edi
    movl %esp, %ebp
    pushl 16(%esp)
    popfl
    sysenter
1:  popl %ebx
    popl %edi
    popl %ebp
    ret
