// SPDX-License-Identifier: LGPL-2.1-or-later
// The way into handle_exception and back, and to ring 3 and back.

    .set user_code, 0x1B
    .set user_data, 0x23
    .set esp0, 4                        // of the task state
    .set ring_3_stack_bytes, 4096

    // Sixteen bytes each. Vectors 8, 10-14 and 17 push an error code.
    .text
    .balign 16
    .globl exception_stubs
exception_stubs:
    .set vector, 0
    .rept 32
    .balign 16
    .if (vector != 8) && (vector < 10 || vector > 14) && (vector != 17)
    pushl $0
    .endif
    pushl $vector
    jmp exception
    .set vector, vector + 1
    .endr

exception:
    pushal
    cld
    pushl %esp                          // Trap&
    call handle_exception
    addl $4, %esp
    popal
    addl $8, %esp
    .globl interrupt_return
interrupt_return:
    iret

    // Where a call that could not be made goes on: as if it had returned.
    .globl return_at_once
return_at_once:
    ret

    // void in_ring_3(void (*function)()): the function returns to what asks for ring 0 again.
    .globl in_ring_3
    .type in_ring_3, @function
in_ring_3:
    movl 4(%esp), %eax
    pushal
    movl %esp, task_state + esp0
    movl $ring_3_stack + ring_3_stack_bytes - 4, %ecx
    movl $leave_ring_3, (%ecx)
    pushl $user_data
    pushl %ecx
    pushfl
    pushl $user_code
    pushl %eax
    iret
    .size in_ring_3, . - in_ring_3

leave_ring_3:
    int $0x30

    // Interrupts the above; ss, esp, eflags, cs and eip are on the stack.
    .globl ring_3_return_stub
ring_3_return_stub:
    addl $20, %esp
    popal
    ret

    .bss
    .balign 16
ring_3_stack:
    .skip ring_3_stack_bytes
