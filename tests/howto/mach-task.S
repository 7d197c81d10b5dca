# SPDX-License-Identifier: LGPL-2.1-or-later
# The only task on GNU Mach: allocates a megabyte, touches its pages and gives it back, 20 times. Traps: mach/syscall_sw.h.
# as --32 -o task.o mach-task.S && ld -m elf_i386 -Ttext=0x100000 -o task task.o
        .globl  _start
        .set    task_self, -28
        .set    print, -30
        .set    vm_allocate, -65
        .set    vm_deallocate, -66
        .set    megabyte, 0x100000
        .set    page, 4096

# The arguments are on the stack above a return address.
        .macro  define_trap name, number
\name:  mov     $\number, %eax
        lcall   $7, $0
        ret
        .endm
        define_trap call_task_self, task_self
        define_trap call_print, print
        define_trap call_vm_allocate, vm_allocate
        define_trap call_vm_deallocate, vm_deallocate

_start: call    call_task_self
        mov     %eax, %ebp
        mov     $20, %edi
1:      push    $1                      # anywhere
        push    $megabyte
        push    $address
        push    %ebp
        call    call_vm_allocate
        mov     address, %ebx
        mov     $(megabyte / page), %ecx
2:      mov     %ecx, (%ebx)
        add     $page, %ebx
        loop    2b
        push    $megabyte
        push    address
        push    %ebp
        call    call_vm_deallocate
        add     $28, %esp
        dec     %edi
        jnz     1b
        push    $done
        call    call_print
3:      jmp     3b

        .data
address: .long  0
done:   .asciz  "task: done\n"
