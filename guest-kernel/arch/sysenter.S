// SPDX-License-Identifier: LGPL-2.1-or-later
// The second way into the kernel and back: SYSENTER and SYSEXIT (SDM vol. 3, 5.8.7). The processor saves nothing: the program
// says where it goes on, and this builds the frame that int 0x80 would have built, so that nobody else knows the difference.
//
//   in:    eax = call, ebx ecx edx = arguments, edi = where to go on, ebp = the program's esp
//   out:   eax = result, ebx = message word; ecx and edx are SYSEXIT's
#include "layout.inc"
#include ADDRESS_SPACE_SWITCH

    .set user_code, 0x1B
    .set user_data, 0x23
    .set flags_in_program, 0x202        // IF
    .set flags_in_kernel, 0x002
    .set call_vector, 0x80
    .set trap_flag, 0x100

    // From the bottom of the frame, kernel/trap_frame.hpp, without es and ds.
    .set saved_ecx, 6 * 4
    .set saved_eax, 7 * 4
    .set saved_eip, 10 * 4
    .set saved_esp, 13 * 4

    .section .trampoline.text, "ax"

    // Interrupts are off, ss is flat, esp = entry_stack_top; ds is the program's, whatever that is. The program's flags are
    // still in force: NT would turn the next IRET into a task switch.
    .balign 16
    .globl sysenter_entry
sysenter_entry:
    take_kernel_stack
    pushl $user_data
    pushl %ebp
    pushl $flags_in_program
    pushl $user_code
    pushl %edi
    pushl $0
    pushl $call_vector
    pushal
    pushl %ds
    pushl %es
    pushl $flags_in_kernel
    popfl
    movl $user_data, %eax
    movl %eax, %ds
    movl %eax, %es
    pushl %esp                          // TrapFrame&
    call system_call_trap
    addl $4, %esp
    popl %es
    popl %ds
    movl saved_ecx(%esp), %ebx
    movl saved_eax(%esp), %eax
    movl saved_eip(%esp), %edx
    movl saved_esp(%esp), %ecx
    take_user_tables
    sti                                 // takes effect behind SYSEXIT
    sysexit

    // A debug exception. SYSENTER keeps TF: a program that single-steps into it would trap at the kernel's first
    // instruction, in ring 0 on the entry stack. It loses its TF and goes on, as in Linux 2.6.
    .balign 16
    .globl debug_stub
debug_stub:
    cmpl $sysenter_entry, (%esp)
    jne trap_stubs + 16
    andl $~trap_flag, 8(%esp)
    iret
